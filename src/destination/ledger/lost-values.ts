import { randomUUID } from 'node:crypto';
import type { TableState } from '../../model/checkpoint.ts';
import type { LostValues } from '../../model/destination.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Row } from '../../model/value.ts';
import type { Lost } from '../changes/adjust.ts';
import type { Cell, Dialect, Engine, Place, Session } from '../contract.ts';
import { ValueProblem } from '../problem.ts';
import { describeRow, unrepresentable } from '../refusal.ts';
import { excerpt } from '../values/excerpt.ts';
import { inTransaction } from './ledger.ts';

export const LOST_TABLE = 'pg2any_lost_values';

const COLUMNS = [
  'id',
  'slot',
  'table_schema',
  'table_name',
  'row_key',
  'column_name',
  'pg_text',
  'class',
  'policy',
] as const;

/** Per statement: far below every limit on parameters and packets. */
const ROWS = 100;
const CHARACTERS = 256 * 1024;
/** Twice as much in a statement, where quotes are escaped; 16 MiB is the usual limit of a packet. */
const LONGEST = 4 * 1024 * 1024;
/** Characters that are kept of a value whose row no packet took. */
const CUT = 64 * 1024;
const HALF_A_PAIR = /[\ud800-\udbff]$/;

/**
 * The originals of values that policies replaced. They are written in the transaction of their rows, so each is there
 * exactly once; what was counted becomes known when that has committed.
 */
export class LostLedger {
  private readonly engine: Engine;
  /** Tells the rows of this instance from those of others; their numbers keep them in order. */
  private readonly instance = randomUUID();
  private written = 0;
  private pending: Lost[] = [];
  private readonly committed = new Map<string, LostValues>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Idempotent; commits what is open. */
  async create(session: Session): Promise<void> {
    const { key, text, time } = this.dialect.bookkeeping;
    const types = COLUMNS.map((name) => `${name} ${name === 'id' || name === 'slot' ? key : text} NOT NULL`);
    const body = `${types.join(', ')}, recorded_at ${time} NOT NULL, PRIMARY KEY (id)`;
    await session.runLong(this.dialect.createIfMissing(this.place, body));
  }

  /** Inside the transaction of the rows. */
  async record(session: Session, slot: string, lost: readonly Lost[]): Promise<void> {
    for (const rows of pieces(lost)) {
      const cells = rows.map((one) => this.cells(slot, one));
      await this.insert(session, cells);
    }
  }

  private async insert(session: Session, rows: readonly (readonly Cell[])[]): Promise<void> {
    const tuples = rows.map((row, i) => `(${this.params(row.length, i * row.length)}, ${this.dialect.now})`);
    await session.run(
      `INSERT INTO ${this.table} (${COLUMNS.join(', ')}, recorded_at) VALUES ${tuples.join(', ')}`,
      rows.flat(),
    );
  }

  /**
   * Defaults of added columns, before the columns are there, and each once however often that is tried: what was
   * recorded then is found by its name.
   */
  async recordDefaults(session: Session, slot: string, lost: readonly Lost[]): Promise<void> {
    for (const one of lost) {
      const id = `default.${slot}.${one.relation.oid}.${one.relation.columns[one.column]?.attnum}`;
      const [, ...cells] = this.cells(slot, one);
      const found = await session.rows(`SELECT 1 FROM ${this.table} WHERE id = ${this.dialect.param(1)}`, [id]);
      if (found.length > 0) continue;
      await inTransaction(session, () => this.insert(session, [[id, ...cells]]));
      this.count([one]);
    }
  }

  /** A table is emptied and copied anew: what was replaced in it before is gone with its rows. */
  async forgetTable(
    session: Session,
    slot: string,
    { schema, name }: Pick<TableState, 'schema' | 'name'>,
  ): Promise<void> {
    const [a, b, c] = [1, 2, 3].map((n) => this.dialect.param(n));
    const where = `slot = ${a} AND table_schema = ${b} AND table_name = ${c}`;
    await session.run(`DELETE FROM ${this.table} WHERE ${where}`, [slot, schema, name]);
  }

  /** Counted when the open transaction commits. */
  expect(lost: readonly Lost[]): void {
    for (const one of lost) this.pending.push(one);
  }

  settle(committed: boolean): void {
    if (committed) this.count(this.pending);
    this.pending = [];
  }

  count(lost: readonly Lost[]): void {
    for (const { relation, column, problem, policy } of lost) {
      const found = { table: relationName(relation), column: relation.columns[column]?.name ?? '', problem, policy };
      const id = JSON.stringify(found);
      this.committed.set(id, { ...found, count: (this.committed.get(id)?.count ?? 0) + 1 });
    }
  }

  take(): readonly LostValues[] {
    if (this.committed.size === 0) return [];
    const all = [...this.committed.values()];
    this.committed.clear();
    return all;
  }

  private cells(slot: string, { relation, column, row, text, problem, policy }: Lost): Cell[] {
    const id = `${this.instance}.${String(this.written++).padStart(12, '0')}`;
    const name = relation.columns[column]?.name ?? '';
    return [
      id,
      slot,
      relation.schema,
      relation.name,
      rowKey(relation, row),
      name,
      recorded({ text, problem }),
      problem,
      policy,
    ];
  }

  private params(count: number, from: number): string {
    return Array.from({ length: count }, (_, i) => this.dialect.param(from + i + 1)).join(', ');
  }

  private get dialect(): Dialect {
    return this.engine.dialect;
  }

  private get place(): Place {
    return this.dialect.place({ schema: null, name: LOST_TABLE });
  }

  private get table(): string {
    return this.place.sql;
  }
}

/** Removes what is recorded of a pipeline, whether its policies still replace values or not. */
export async function forgetLost(engine: Engine, session: Session, slot: string): Promise<void> {
  const place = engine.dialect.place({ schema: null, name: LOST_TABLE });
  if (!(await engine.describe(session, place))) return;
  await session.run(`DELETE FROM ${place.sql} WHERE slot = ${engine.dialect.param(1)}`, [slot]);
  const left = await session.rows(engine.dialect.anyRow(place.sql));
  if (left.length === 0) await session.runLong(`DROP TABLE ${place.sql}`);
}

/** The row's key by column as JSON; without a key all its values, long ones shortened. No row: `{}`. */
function rowKey(relation: Relation, row: Row | null): string {
  if (row === null) return '{}';
  const keyed = relation.identity === 'key';
  const indexes = keyed ? relation.key : relation.columns.keys();
  const entries = [...indexes].map((column, i) => {
    const value = row[i];
    const shown = typeof value !== 'string' ? null : keyed ? value : excerpt(value);
    return [relation.columns[column]?.name ?? '', shown];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function* pieces(lost: readonly Lost[]): Generator<readonly Lost[]> {
  let piece: Lost[] = [];
  let size = 0;
  for (const one of lost) {
    assertRecordable(one);
    const { length } = recorded(one);
    if (piece.length === ROWS || (size > 0 && size + length > CHARACTERS)) {
      yield piece;
      piece = [];
      size = 0;
    }
    piece.push(one);
    size += length;
  }
  if (piece.length > 0) yield piece;
}

/** What no packet takes cannot be recorded as it is either: its beginning is, and how long it was. */
function recorded({ text, problem }: Pick<Lost, 'text' | 'problem'>): string {
  if (problem !== 'PACKET_TOO_LARGE' || text.length <= CUT) return text;
  return `${text.slice(0, CUT).replace(HALF_A_PAIR, '')} [cut: ${text.length} characters in all]`;
}

/** What cannot be recorded must not be replaced. */
function assertRecordable({ relation, column, row, ...one }: Lost): void {
  const bytes = Buffer.byteLength(recorded(one));
  if (bytes <= LONGEST) return;
  const name = relation.columns[column]?.name ?? '';
  const message = `is replaced by its policy, but with ${bytes} bytes too long to be recorded in ${LOST_TABLE}: ${describeRow(relation, row ?? [])}`;
  throw unrepresentable(
    { relation, codecs: [] },
    column,
    row ?? [],
    new ValueProblem('TEXT_TOO_LONG', `${name} ${message}`),
  );
}
