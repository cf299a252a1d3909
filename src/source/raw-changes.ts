import type { Inserts, RowChange } from '../model/change.ts';
import type { Relation } from '../model/relation.ts';
import { DATA_HEADER, isData } from '../pgoutput/frame.ts';
import { isRaw } from '../pgoutput/raw-row.ts';
import { RawInsert, RawUpdate } from './raw-change.ts';
import { RawInserts, RawRows, ROW_HEADER } from './raw-inserts.ts';

const INSERT = 0x49; // I
const UPDATE = 0x55; // U
const NEW = 0x4e; // N

type Relations = ReadonlyMap<number, Relation>;

/** The relation whose change this message is, if its row can stay as it came; else null. */
function rawRelation(buffer: Buffer, start: number, end: number, relations: Relations): Relation | null {
  const tag = buffer[start];
  if ((tag !== INSERT && tag !== UPDATE) || end - start < ROW_HEADER || buffer[start + ROW_HEADER - 1] !== NEW)
    return null;
  const relation = relations.get(buffer.readUInt32BE(start + 1));
  return relation && isRaw(buffer, start + ROW_HEADER, end, relation.columns.length) ? relation : null;
}

/**
 * The changes that begin with the frame at index `from` of `bounds`, if their rows can stay as they came: an update
 * without an old row, or inserts of one table, as many as follow each other. Null for everything else, broken messages
 * included, which is for the decoder. The frame must hold data.
 */
export function rawChanges(
  frames: Frames,
  from: number,
  relations: Relations,
): { readonly change: RowChange | Inserts; readonly next: number } | null {
  const { buffer, bounds } = frames;
  const start = (bounds[from] as number) + DATA_HEADER;
  const end = bounds[from + 1] as number;
  const relation = rawRelation(buffer, start, end, relations);
  if (!relation) return null;
  const row = start + ROW_HEADER;
  if (buffer[start] === UPDATE) return { change: new RawUpdate(relation, buffer, row, end), next: from + 2 };
  let next = from + 2;
  while (next < bounds.length && isInsert(frames, next, relation)) next += 2;
  const count = (next - from) / 2;
  const change =
    count === 1
      ? new RawInsert(relation, buffer, row, end)
      : new RawInserts(new RawRows(relation, buffer, bounds, from, count));
  return { change, next };
}

interface Frames {
  readonly buffer: Buffer;
  /** Start and end of each frame, in turn. */
  readonly bounds: readonly number[];
}

/** Whether the frame holds one more insert of this table whose row can stay as it came. */
function isInsert({ buffer, bounds }: Frames, index: number, relation: Relation): boolean {
  const frame = bounds[index] as number;
  const end = bounds[index + 1] as number;
  const start = frame + DATA_HEADER;
  return (
    isData(buffer, frame) &&
    end - start >= ROW_HEADER &&
    buffer[start] === INSERT &&
    buffer[start + ROW_HEADER - 1] === NEW &&
    buffer.readUInt32BE(start + 1) === relation.oid &&
    isRaw(buffer, start + ROW_HEADER, end, relation.columns.length)
  );
}
