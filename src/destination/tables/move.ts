import type { TableShape } from '../../model/checkpoint.ts';
import type { Alteration } from '../../model/destination.ts';
import { Pg2anyError } from '../../model/error.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Engine, Session } from '../contract.ts';
import { inTransaction } from '../ledger/ledger.ts';
import { provisional } from './placement.ts';

type Home = TableShape['target'];

export const sameHome = (a: Home, b: Home): boolean => a.schema === b.schema && a.name === b.name;

/** A destination table that has to make way: `leaving` when its own move is still to come. */
export interface Occupant {
  readonly leaving: boolean;
}

export interface MoveOptions {
  /** The other source table whose destination table stands at this place, null where there is none. */
  readonly occupant: (home: Home) => Occupant | null;
  readonly remember: (shape: TableShape) => Promise<void>;
}

export interface Moved {
  readonly shape: TableShape;
  readonly done: readonly Alteration[];
  /** It has to wait for the place: another table is there. */
  readonly waiting: boolean;
}

/** Where the table is: a move that committed before it was remembered, or that was made by hand, is known to be done. */
export async function locate(
  engine: Engine,
  session: Session,
  relation: Relation,
  shape: TableShape,
  taken: (home: Home) => boolean,
): Promise<TableShape> {
  const { becoming, ...settled } = shape;
  if (!becoming && sameHome(shape.target, relation.target)) return shape;
  const exists = async (home: Home) => (await engine.describe(session, engine.dialect.place(home))) !== null;
  if (await exists(shape.target)) return settled;
  for (const home of [becoming, relation.target])
    if (home && !taken(home) && (await exists(home))) return { ...settled, target: home };
  return settled;
}

/** Gives the destination table the name and schema that the source table has now. As `settleTable`, idempotent. */
export async function moveTable(
  engine: Engine,
  session: Session,
  relation: Relation,
  shape: TableShape,
  options: MoveOptions,
): Promise<Moved> {
  const { dialect } = engine;
  const { target } = relation;
  if (sameHome(shape.target, target)) return { shape, done: [], waiting: false };
  // spelled otherwise, it is the same table there
  if (dialect.samePlace(shape.target) === dialect.samePlace(target))
    return { shape: { ...shape, target }, done: [], waiting: false };
  const occupant = options.occupant(target);
  if (occupant && !occupant.leaving) return { shape, done: [], waiting: true };
  if (occupant) {
    const aside = { schema: shape.target.schema, name: provisional(relation.oid) };
    if (sameHome(shape.target, aside)) return { shape, done: [], waiting: true };
    return { ...(await perform(engine, session, relation, shape, aside, options)), waiting: true };
  }
  if (await engine.describe(session, dialect.place(target))) throw inTheWay(engine, relation, shape);
  return await perform(engine, session, relation, shape, target, options);
}

async function perform(
  engine: Engine,
  session: Session,
  relation: Relation,
  shape: TableShape,
  to: Home,
  { remember }: MoveOptions,
): Promise<Moved> {
  const { dialect } = engine;
  const [from, place] = [dialect.place(shape.target), dialect.place(to)];
  const after = { ...shape, target: to };
  const sql = dialect.renameTable(from, place);
  const run = async (): Promise<void> => {
    for (const statement of sql) await session.runLong(statement);
  };
  if (dialect.transactionalDdl)
    await inTransaction(session, async () => {
      await run();
      await remember(after);
    });
  else {
    await remember({ ...shape, becoming: to });
    await run();
    await remember(after);
  }
  const message = `${relationName(relation)}: destination table ${from.sql} renamed to ${place.sql}`;
  return { shape: after, done: [{ event: 'table.renamed', message, sql: sql.join('; ') }], waiting: false };
}

function inTheWay({ dialect }: Engine, relation: Relation, shape: TableShape): Pg2anyError {
  const [from, to] = [dialect.place(shape.target), dialect.place(relation.target)];
  const message = `the table in ${from.sql} is called ${relationName(relation)} now, and the destination has another table ${to.sql}`;
  return new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: `Rename or drop the other one, then run: ${dialect.renameTable(from, to).join('; ')}; and start again.`,
  });
}
