import type { Insert, Inserts } from '../model/change.ts';
import type { Relation } from '../model/relation.ts';
import type { Row, Rows } from '../model/value.ts';
import { DATA_HEADER } from '../pgoutput/frame.ts';
import { RawRow } from '../pgoutput/raw-row.ts';
import { RawInsert } from './raw-change.ts';

/** Tag, OID and the kind of tuple, in front of a row. */
export const ROW_HEADER = 6;

/** In front of a row in its frame. */
const TUPLE = DATA_HEADER + ROW_HEADER;

/** A place in a run: good until the next row is asked for. */
class Cursor extends RawRow {
  at(start: number, end: number): this {
    this.start = start;
    this.end = end;
    return this;
  }
}

/** Start and end of frames, in turn. */
type Bounds = readonly number[];

export class RawRows implements Rows {
  readonly length: number;
  readonly relation: Relation;
  private readonly buffer: Buffer;
  private readonly bounds: Bounds;
  private readonly from: number;
  private readonly cursor: Cursor;

  /** `from`: index in `bounds` of the first row's frame. */
  constructor(relation: Relation, buffer: Buffer, bounds: Bounds, from: number, length: number) {
    this.relation = relation;
    this.buffer = buffer;
    this.bounds = bounds;
    this.from = from;
    this.length = length;
    this.cursor = new Cursor(buffer, 0, 0);
  }

  at(index: number): Row | undefined {
    return index < this.length ? this.packed(index).decode() : undefined;
  }

  packed(index: number): Cursor {
    const at = this.from + 2 * index;
    return this.cursor.at((this.bounds[at] as number) + TUPLE, this.bounds[at + 1] as number);
  }

  key(index: number): Row {
    return this.packed(index).pick(this.relation.key);
  }

  slice(from: number, to = this.length): Rows {
    return this.part(this.relation, Math.min(from, this.length), Math.min(to, this.length));
  }

  onto(relation: Relation): RawRows {
    return this.part(relation, 0, this.length);
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let index = 0; index < this.length; index += 1) yield this.packed(index).decode();
  }

  *singles(): Generator<Insert> {
    for (let at = this.from; at < this.from + 2 * this.length; at += 2)
      yield new RawInsert(
        this.relation,
        this.buffer,
        (this.bounds[at] as number) + TUPLE,
        this.bounds[at + 1] as number,
      );
  }

  private part(relation: Relation, from: number, to: number): RawRows {
    return new RawRows(relation, this.buffer, this.bounds, this.from + 2 * from, Math.max(0, to - from));
  }
}

/** Nothing of a row is kept but where its frame is. */
export class RawInserts implements Inserts {
  readonly rows: RawRows;

  constructor(rows: RawRows) {
    this.rows = rows;
  }

  get kind(): 'inserts' {
    return 'inserts';
  }

  get relation(): Relation {
    return this.rows.relation;
  }

  singles(): Iterable<Insert> {
    return this.rows.singles();
  }

  onto(relation: Relation): Inserts {
    return new RawInserts(this.rows.onto(relation));
  }
}
