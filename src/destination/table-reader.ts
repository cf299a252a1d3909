import type { TableShape } from '../model/checkpoint.ts';
import type { TableReader } from '../model/destination.ts';
import type { ValueRules } from '../model/mapping.ts';
import type { Column, Relation } from '../model/relation.ts';
import type { Row, Value } from '../model/value.ts';
import { UNCHANGED } from '../model/value.ts';
import { Adjuster } from './changes/adjust.ts';
import type { Cell, ColumnCodec, Engine, Session } from './contract.ts';
import { keyOf, unrepresentable } from './refusal.ts';

/** Reads a table back as canonical text. Each scan has a session of its own; `find` shares one. */
export class SqlTableReader implements TableReader {
  private readonly engine: Engine;
  private readonly relation: Relation;
  private readonly codecs: readonly ColumnCodec[];
  private readonly shared: () => Promise<Session>;
  private readonly select: string;
  /** Aligned with `relation.columns`; null where the destination does not write the column. */
  private readonly names: readonly (string | null)[];
  private readonly adjuster: Adjuster | null;
  /** Counts what the policies replace in a source row; only where they may. */
  readonly replaced?: (row: Row) => number;

  /** `shape`: where the table lives; null where that was never remembered, and it is where it should be. */
  constructor(
    engine: Engine,
    relation: Relation,
    shape: TableShape | null,
    rules: ValueRules,
    shared: () => Promise<Session>,
  ) {
    this.engine = engine;
    this.relation = relation;
    this.shared = shared;
    const { dialect } = engine;
    this.codecs = dialect.codecs(relation);
    this.names = relation.columns.map((column) => nameThere(column, shape));
    const columns = this.codecs.map((codec, index) => {
      const name = this.names[index] ?? null;
      return name === null ? 'NULL' : codec.read(dialect.quote(name));
    });
    const place = dialect.place(shape?.target ?? relation.target);
    const { codecs } = this;
    const quoted = this.names.map((name) => (name === null ? '' : dialect.quote(name)));
    const adjuster = Adjuster.of(rules, dialect, { relation, codecs, columns: quoted, place });
    this.adjuster = adjuster;
    if (adjuster) this.replaced = (row) => replacedIn(adjuster, row);
    this.select = `SELECT ${columns.join(', ')} FROM ${place.sql}`;
  }

  expect(row: Row): Row {
    const written = this.adjuster?.row(row) ?? row;
    return written.map((value, index) => this.canonical(row, value, index));
  }

  async *scan(signal: AbortSignal): AsyncIterable<readonly Row[]> {
    const session = await this.engine.open();
    try {
      for await (const rows of session.scan(this.select, signal)) yield rows.map((row) => this.canon(row));
    } finally {
      await session.close();
    }
  }

  async find(key: Row): Promise<Row | null> {
    const { dialect } = this.engine;
    const cells = this.relation.key.map((column, position) => this.encoded(key, column, position));
    const match = this.relation.key.map((column, position) => {
      const [name, codec] = [this.names[column] ?? '', this.codecs[column]];
      const n = position + 1;
      if (!codec) return `${dialect.quote(name)} = ${dialect.param(n)}`;
      return dialect.matches?.(codec, dialect.quote(name), n) ?? `${dialect.quote(name)} = ${dialect.bound(codec, n)}`;
    });
    const session = await this.shared();
    const row = (await session.rows(`${this.select} WHERE ${match.join(' AND ')}`, cells))[0];
    return row ? this.canon(row) : null;
  }

  private canonical(row: Row, value: Value, index: number): Value {
    if (value === null || value === UNCHANGED) return value;
    if (this.names[index] === null) return null;
    try {
      return this.codecs[index]?.expect(value) ?? value;
    } catch (error) {
      throw unrepresentable({ relation: this.relation, codecs: this.codecs }, index, keyOf(this.relation, row), error);
    }
  }

  private canon(row: readonly Cell[]): Row {
    return row.map((cell, index) => (cell === null ? null : (this.codecs[index]?.canon(cell) ?? cell)));
  }

  private encoded(key: Row, column: number, position: number): Cell {
    const value = key[position];
    if (typeof value !== 'string') return null;
    try {
      return this.codecs[column]?.encode(value) ?? value;
    } catch (error) {
      throw unrepresentable({ relation: this.relation, codecs: this.codecs }, column, key, error);
    }
  }
}

function nameThere({ attnum, name }: Column, shape: TableShape | null): string | null {
  const known = shape?.columns.find((one) => one.attnum === attnum);
  return known?.ignored ? null : (known?.column ?? name);
}

function replacedIn(adjuster: Adjuster, row: Row): number {
  let count = 0;
  adjuster.row(row, () => {
    count += 1;
  });
  return count;
}
