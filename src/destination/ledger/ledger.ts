import { randomUUID } from 'node:crypto';
import type { Checkpoint, SoughtStream, StreamIdentity, TableShape, TableState } from '../../model/checkpoint.ts';
import { Pg2anyError } from '../../model/error.ts';
import { formatLsn, type Lsn, maxLsn, parseLsn, ZERO_LSN } from '../../model/lsn.ts';
import type { Cell, Engine, Session } from '../contract.ts';
import { type Bookkeeping, bookkeeping, CHECKPOINT_TABLE, TABLES_TABLE } from './bookkeeping.ts';

type TableName = Pick<TableState, 'schema' | 'name'>;

/** What pg2any remembers at the destination: checkpoint, fence and the state of each table's copy. */
export class Ledger {
  /** Names our sessions, so that a later instance can end what this one leaves behind. */
  readonly token = `pg2any:${randomUUID()}`;
  private readonly engine: Engine;
  private stream: StreamIdentity | null = null;
  private fence = 0;
  /** What the checkpoint says, as it is written there. */
  private flushed = stored(ZERO_LSN);

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Takes the fence. Null for a pipeline that is not known here; then `begin` follows. */
  async claim(session: Session, stream: StreamIdentity): Promise<Checkpoint | null> {
    const sql = this.sql;
    for (const ddl of sql.create) await session.runLong(ddl);
    await this.upgrade(session);
    this.stream = stream;
    await this.evictPrevious(session);
    return await inTransaction(session, async () => {
      const row = (await session.rows(sql.lock, [stream.slot]))[0];
      if (!row) {
        this.fence = 1;
        return null;
      }
      const position = this.own(row);
      this.fence = Number(row[2]) + 1;
      await session.run(sql.raise, [String(this.fence), this.token, stream.slot]);
      await session.run(sql.raiseTables, [String(this.fence), stream.slot]);
      return { ...position, tables: await this.tables(session) };
    });
  }

  async begin(session: Session, flushed: Lsn): Promise<void> {
    const { slot, systemId } = this.claimed();
    const at = stored(flushed);
    try {
      await inTransaction(session, () =>
        session.run(this.sql.insert, [slot, systemId, at, String(this.fence), this.token, this.timeline]),
      );
    } catch (error) {
      throw (await this.begunByOther(session)) ? this.fenced() : error;
    }
    this.flushed = at;
  }

  /** Two instances may claim a new pipeline, since there is no fence to raise yet; one of them begins. */
  private async begunByOther(session: Session): Promise<boolean> {
    const found = await session.rows(this.sql.read, [this.claimed().slot]).catch(() => []);
    return found.length > 0;
  }

  async peek(session: Session, { slot, systemId }: SoughtStream): Promise<Checkpoint | null> {
    if (!(await this.exists(session))) return null;
    const [shaped, timed] = [await this.hasShapes(session), await this.hasTimelines(session)];
    const row = (await session.rows(timed ? this.sql.read : this.sql.readBefore, [slot]))[0];
    this.stream = { slot, systemId: systemId ?? row?.[0] ?? '' };
    return row ? { ...this.own(row), tables: await this.tables(session, shaped) } : null;
  }

  /**
   * Inside the transaction of the rows, as its last statement: the position is ours once that has committed. Throws
   * FENCED when another instance took over.
   */
  async advance(session: Session, flushed: Lsn): Promise<void> {
    const { slot } = this.claimed();
    const next = stored(maxLsn(flushed, parseLsn(this.flushed)));
    const cells = [next, this.timeline, slot, String(this.fence), this.flushed];
    const matched = await session.run(this.sql.advance, cells);
    if (matched !== 1) throw await this.overtaken(session);
    this.flushed = next;
  }

  /**
   * The durable position after a failure, if the fence is still ours. What an earlier session of ours left is ended
   * first: it may hold locks, and a COMMIT that is still on its way must not arrive after we have looked.
   */
  async recover(session: Session): Promise<Lsn> {
    await session.evict(this.token);
    return await this.position(session);
  }

  private async position(session: Session): Promise<Lsn> {
    const row = (await session.rows(this.sql.read, [this.claimed().slot]))[0];
    return this.own(this.assertOurs(row)).flushed;
  }

  private assertOurs(row: readonly Cell[] | undefined): readonly Cell[] {
    if (!row || Number(row[2]) !== this.fence) throw this.fenced();
    return row;
  }

  /** Either another instance has raised the fence, or a COMMIT that we took for lost has moved the checkpoint. */
  private async overtaken(session: Session): Promise<Pg2anyError> {
    const { slot } = this.claimed();
    const row = (await session.rows(this.sql.lock, [slot]))[0];
    if (!row || Number(row[2]) !== this.fence) return this.fenced();
    const message = `the checkpoint of slot ${slot} has moved to ${row[1]}: an earlier commit arrived late`;
    return new Pg2anyError('DESTINATION_UNREACHABLE', message);
  }

  /** A table's copy begins, again or for the first time; or, without a copy, its line. */
  async start(session: Session, state: TableState): Promise<void> {
    const { slot } = this.claimed();
    await inTransaction(session, async () => {
      // Locked, so that nobody takes over between this look and our mark on the table.
      const row = this.assertOurs((await session.rows(this.sql.lock, [slot]))[0]);
      // The copy may be ahead of the checkpoint, and is of the timeline we are on.
      if ((row[3] ?? null) !== this.timeline) await session.run(this.sql.follow, [this.timeline, slot]);
      // Looked up first: deleting or updating a row that is not there locks a gap, and parallel copies would deadlock.
      const table = [slot, state.schema, state.name];
      const facts = [String(state.oid), state.state, stored(state.snapshot), '0', String(this.fence)];
      const known = (await session.rows(this.sql.findTable, table)).length > 0;
      if (known) await session.run(this.sql.resetTable, [...facts, ...table]);
      else await session.run(this.sql.insertTable, [...table, ...facts]);
    });
  }

  /** Inside the transaction of the copied rows. Throws FENCED when another instance took over. */
  async progress(session: Session, state: TableState): Promise<void> {
    const { slot } = this.claimed();
    const cells = [state.state, String(state.rows), slot, state.schema, state.name, String(this.fence)];
    if ((await session.run(this.sql.updateTable, cells)) !== 1) throw this.fenced();
  }

  /** Where a table lives, and what it is called now; `row`: what it was called. Throws FENCED as `progress`. */
  async place(session: Session, row: TableName, table: TableName & { readonly oid: number }, shape: string | null) {
    const { slot } = this.claimed();
    const found = [slot, row.schema, row.name, String(table.oid), String(this.fence)];
    const matched = await session.run(this.sql.updateShape, [shape, table.schema, table.name, ...found]);
    if (matched !== 1) throw this.fenced();
  }

  async forget(session: Session, stream: StreamIdentity): Promise<void> {
    if (!(await this.exists(session))) return;
    await inTransaction(session, async () => {
      for (const sql of this.sql.forget) await session.run(sql, [stream.slot]);
    });
    for (const [isEmpty, drop] of this.sql.dropIfEmpty) {
      if ((await session.rows(isEmpty)).length === 0) await session.runLong(drop);
    }
  }

  /** Of the claimed pipeline. */
  get slot(): string {
    return this.claimed().slot;
  }

  private get sql(): Bookkeeping {
    return bookkeeping(this.engine.dialect);
  }

  /** Bookkeeping tables from before shapes and timelines were remembered get the columns. */
  private async upgrade(session: Session): Promise<void> {
    await this.complete(session, this.sql.addShape, () => this.hasShapes(session));
    await this.complete(session, this.sql.addTimeline, () => this.hasTimelines(session));
  }

  private async complete(session: Session, add: string, isComplete: () => Promise<boolean>): Promise<void> {
    if (await isComplete()) return;
    try {
      await session.runLong(add);
    } catch (error) {
      // another instance that starts just now may have been faster
      if (!(await isComplete())) throw error;
    }
  }

  private hasShapes(session: Session): Promise<boolean> {
    return this.hasColumn(session, TABLES_TABLE, 'shape');
  }

  private hasTimelines(session: Session): Promise<boolean> {
    return this.hasColumn(session, CHECKPOINT_TABLE, 'timeline');
  }

  private async hasColumn(session: Session, table: string, column: string): Promise<boolean> {
    const { dialect } = this.engine;
    const found = await this.engine.describe(session, dialect.place({ schema: null, name: table }));
    return found?.columns.some(({ name }) => name === column) ?? false;
  }

  private async exists(session: Session): Promise<boolean> {
    const { dialect } = this.engine;
    const found = [CHECKPOINT_TABLE, TABLES_TABLE].map((name) =>
      this.engine.describe(session, dialect.place({ schema: null, name })),
    );
    return (await Promise.all(found)).every((table) => table !== null);
  }

  /** A killed instance may have left a session with open locks that the server has not noticed yet. */
  private async evictPrevious(session: Session): Promise<void> {
    const [[token] = []] = await session.rows(this.sql.holder, [this.claimed().slot]);
    if (token && token !== this.token) await session.evict(token);
  }

  private async tables(session: Session, shaped = true): Promise<TableState[]> {
    const sql = shaped ? this.sql.tables : this.sql.tablesBefore;
    return (await session.rows(sql, [this.claimed().slot])).map(tableState);
  }

  private own(row: readonly Cell[]): Pick<Checkpoint, 'flushed' | 'timeline'> {
    const { slot, systemId } = this.claimed();
    if (row[0] === systemId) {
      this.flushed = row[1] ?? '';
      return { flushed: parseLsn(this.flushed), timeline: timelineOf(row) };
    }
    const message = `the checkpoint of slot ${slot} belongs to the cluster with system identifier ${row[0]}, the source is ${systemId}`;
    throw new Pg2anyError('SOURCE_CHANGED', message);
  }

  /** On which we receive, as it is written there. */
  private get timeline(): Cell {
    return this.claimed().timeline?.toString() ?? null;
  }

  private claimed(): StreamIdentity {
    if (!this.stream) throw new Pg2anyError('INTERNAL', 'the checkpoint is used before it is claimed');
    return this.stream;
  }

  private fenced(): Pg2anyError {
    return new Pg2anyError('FENCED', `another pg2any took over the pipeline of slot ${this.claimed().slot}`);
  }
}

/** Zero-padded halves, so that the column also sorts; parseLsn reads both forms. */
const stored = (lsn: Lsn): string =>
  formatLsn(lsn)
    .split('/')
    .map((half) => half.padStart(8, '0'))
    .join('/');

/** Of a row that was read. */
const timelineOf = (row: readonly Cell[]): number | null => (row[3] == null ? null : Number(row[3]));

const tableState = ([schema, name, oid, state, snapshot, rows, shape]: readonly Cell[]): TableState => ({
  schema: schema ?? '',
  name: name ?? '',
  oid: Number(oid),
  state: state === 'copied' ? 'copied' : 'copying',
  snapshot: parseLsn(snapshot ?? ''),
  rows: Number(rows),
  shape: shape ? (JSON.parse(shape) as TableShape) : null,
});

/** Commits what `work` did, or nothing of it. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.begin();
  try {
    const result = await work();
    await session.commit();
    return result;
  } catch (error) {
    await session.rollback().catch(() => undefined);
    throw error;
  }
}
