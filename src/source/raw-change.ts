import type { Insert, RowChange, Update } from '../model/change.ts';
import type { Relation } from '../model/relation.ts';
import type { Row } from '../model/value.ts';
import { RawRow } from '../pgoutput/raw-row.ts';

/** An insert whose row is still bytes. */
class RawInsert implements Insert {
  readonly kind = 'insert';
  readonly relation: Relation;
  readonly packed: RawRow;

  constructor(relation: Relation, packed: RawRow) {
    this.relation = relation;
    this.packed = packed;
  }

  get after(): Row {
    return this.packed.decode();
  }

  get key(): Row {
    return this.packed.pick(this.relation.key);
  }

  onto(relation: Relation): Insert {
    return new RawInsert(relation, this.packed);
  }
}

/** An update that sent no old row, so its key is the same; its row is still bytes. */
class RawUpdate implements Update {
  readonly kind = 'update';
  readonly whole = true;
  readonly relation: Relation;
  readonly packed: RawRow;

  constructor(relation: Relation, packed: RawRow) {
    this.relation = relation;
    this.packed = packed;
  }

  get after(): Row {
    return this.packed.decode();
  }

  get key(): Row {
    return this.packed.pick(this.relation.key);
  }

  onto(relation: Relation): Update {
    return new RawUpdate(relation, this.packed);
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
  const row = RawRow.of(buffer, start + HEADER, end, relation.columns.length);
  if (!row) return null;
  return tag === INSERT ? new RawInsert(relation, row) : new RawUpdate(relation, row);
}
