import type { Insert, RowChange, Update } from '../model/change.ts';
import type { Relation } from '../model/relation.ts';
import type { Row } from '../model/value.ts';
import { isRaw, RawRow } from '../pgoutput/raw-row.ts';

/** An insert whose row is still bytes. One object, because there are many. */
class RawInsert extends RawRow implements Insert {
  readonly relation: Relation;

  constructor(relation: Relation, buffer: Buffer, start: number, end: number) {
    super(buffer, start, end);
    this.relation = relation;
  }

  get kind(): 'insert' {
    return 'insert';
  }

  get packed(): this {
    return this;
  }

  get after(): Row {
    return this.decode();
  }

  get key(): Row {
    return this.pick(this.relation.key);
  }

  onto(relation: Relation): Insert {
    return new RawInsert(relation, this.buffer, this.start, this.end);
  }
}

/** An update that sent no old row, so its key is the same; its row is still bytes. */
class RawUpdate extends RawRow implements Update {
  readonly relation: Relation;

  constructor(relation: Relation, buffer: Buffer, start: number, end: number) {
    super(buffer, start, end);
    this.relation = relation;
  }

  get kind(): 'update' {
    return 'update';
  }

  get whole(): true {
    return true;
  }

  get packed(): this {
    return this;
  }

  get after(): Row {
    return this.decode();
  }

  get key(): Row {
    return this.pick(this.relation.key);
  }

  onto(relation: Relation): Update {
    return new RawUpdate(relation, this.buffer, this.start, this.end);
  }
}

const INSERT = 0x49; // I
const UPDATE = 0x55; // U
const NEW = 0x4e; // N
/** Tag, OID and the kind of tuple. */
const HEADER = 6;

/**
 * The change that this message is, if its row can stay as it came: an insert, or an update without an old row. Null for
 * everything else, broken messages included, which is for the decoder.
 */
export function rawChange(
  buffer: Buffer,
  start: number,
  end: number,
  relations: ReadonlyMap<number, Relation>,
): RowChange | null {
  const tag = buffer[start];
  if ((tag !== INSERT && tag !== UPDATE) || end - start < HEADER || buffer[start + HEADER - 1] !== NEW) return null;
  const relation = relations.get(buffer.readUInt32BE(start + 1));
  if (!relation) return null;
  const row = start + HEADER;
  if (!isRaw(buffer, row, end, relation.columns.length)) return null;
  return tag === INSERT ? new RawInsert(relation, buffer, row, end) : new RawUpdate(relation, buffer, row, end);
}
