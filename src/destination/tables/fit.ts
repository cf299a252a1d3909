import { Pg2anyError } from '../../model/error.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type {
  ColumnCodec,
  Dialect,
  ExistingColumn,
  ExistingTable,
  Ordered,
  Place,
  Target,
  UniqueIndex,
} from '../contract.ts';
import type { Placed, Placement } from './placement.ts';

/** How an existing table compares with what a relation needs. */
export interface Fit {
  /** Columns to add, by index into `relation.columns`. */
  readonly missing: readonly number[];
  /** Columns that do not hold what they should, with the reason. */
  readonly misfits: readonly { readonly index: number; readonly why: string }[];
  /** The rows of a keyed table cannot be found by their key. */
  readonly keyless: boolean;
  /** Why else the table cannot be used, in words; empty when it can. */
  readonly problems: readonly string[];
}

export const keyNames = (relation: Relation, placed: readonly Placed[]): string[] =>
  relation.key.map((index) => placed[index]?.name ?? '');

const isKey = ({ identity, key }: Relation, index: number): boolean => identity === 'key' && key.includes(index);

/** Compares. Pure. */
export function compareTable(
  dialect: Dialect,
  relation: Relation,
  codecs: readonly ColumnCodec[],
  existing: ExistingTable,
  { columns, lost }: Placement,
): Fit {
  const missing: number[] = [];
  const misfits: { index: number; why: string }[] = [];
  const problems: string[] = lost.map((name) => `column ${name}, which was there, is missing`);
  columns.forEach(({ found, known, name }, index) => {
    const codec = codecs[index];
    if (known?.ignored) return;
    if (!found && !known) missing.push(index);
    else if (found?.generated) problems.push(`column ${name} is computed by the destination`);
    else if (found?.numbersItself && !isKey(relation, index) && !relation.columns[index]?.notNull)
      problems.push(`column ${name} numbers rows by itself, so that a NULL of the source would become a number`);
    else if (found && codec) {
      const why = dialect.misfit(found, codec, isKey(relation, index));
      if (why) misfits.push({ index, why: `column ${name}: ${why}` });
    }
  });
  for (const found of foreignColumns(columns, existing)) {
    if (found.nullable || found.hasDefault || found.generated) continue;
    problems.push(`column ${found.name} is not in the source, takes no NULL and has no default`);
  }
  const keyless = relation.identity === 'key' && !keyIndex(dialect, relation, columns, existing);
  return { missing, misfits, keyless, problems };
}

/** All of it in words, for a table that has to be there as it should be. Pure. */
export function problemsOf(relation: Relation, { columns }: Placement, fit: Fit): string[] {
  const key = `no primary key or unique index on exactly (${keyNames(relation, columns).join(', ')})`;
  return [
    ...fit.missing.map((index) => `column ${relation.columns[index]?.name} is missing`),
    ...fit.misfits.map(({ why }) => why),
    ...fit.problems,
    ...(fit.keyless ? [key] : []),
  ];
}

/** The table as the plan and the session see it. Pure. */
export function targetOf(
  dialect: Dialect,
  relation: Relation,
  place: Place,
  codecs: readonly ColumnCodec[],
  existing: ExistingTable,
  placed: readonly Placed[],
): Target {
  const key = keyIndex(dialect, relation, placed, existing);
  const further = existing.uniques.filter((unique) => unique !== key);
  const tied = [...existing.foreignKeys, ...existing.triggers];
  const foreign = foreignColumns(placed, existing);
  return {
    relation,
    place,
    codecs,
    columns: placed.map(({ name }) => dialect.quote(name)),
    ordered: orderOf(relation, further, tied),
    bare: further.length === 0 && tied.length === 0 && foreign.length === 0,
    furtherUnique: further.length > 0,
  };
}

/** Columns of the table that the source does not have. */
const foreignColumns = (placed: readonly Placed[], existing: ExistingTable): ExistingColumn[] =>
  existing.columns.filter((column) => !placed.some(({ found }) => found?.name === column.name));

function orderOf(relation: Relation, further: readonly UniqueIndex[], tied: readonly string[]): Ordered | null {
  const shared = tied.length > 0;
  if (relation.identity !== 'key') return { reason: 'no key', shared };
  if (shared) return { reason: `tied to others by ${tied[0]}`, shared };
  return further[0] ? { reason: `unique index ${further[0].name}`, shared } : null;
}

function keyIndex(
  dialect: Dialect,
  relation: Relation,
  placed: readonly Placed[],
  existing: ExistingTable,
): UniqueIndex | null {
  if (relation.identity !== 'key') return null;
  const wanted = keyNames(relation, placed);
  const matches = (unique: UniqueIndex): boolean =>
    unique.columns.length === wanted.length &&
    wanted.every((name) => unique.columns.some((column) => dialect.sameName(column, name)));
  return existing.uniques.find((unique) => unique.primary && matches(unique)) ?? existing.uniques.find(matches) ?? null;
}

export function mismatch(relation: Relation, place: Place, problems: readonly string[]): Pg2anyError {
  const message = `destination table ${place.sql} does not fit ${relationName(relation)}: ${problems.join('; ')}`;
  return new Pg2anyError('TABLE_MISMATCH', message);
}
