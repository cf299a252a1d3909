import { ValueProblem } from '../problem.ts';
import { hexBytes } from './scalar.ts';

const HAS_SRID = 0x20000000;
const LITTLE_ENDIAN = 1;

/** Kinds of geometries, and what their elements are. https://www.ogc.org/standard/sfa/ */
const POINT = 1;
const LINE = 2;
const POLYGON = 3;
const ELEMENTS: ReadonlyMap<number, number | null> = new Map([
  [4, POINT],
  [5, LINE],
  [6, POLYGON],
  [7, null],
]);

const refuse = (why: string): never => {
  throw new ValueProblem('GEOMETRY_FORM', `is a geometry that ${why}`);
};

/** Bytes read from the front. */
class Reader {
  private readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes.readUInt8(this.at++);
  }

  uint32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  points(count: number): void {
    for (let i = 0; i < count * 2; i++, this.at += 8)
      if (!Number.isFinite(this.bytes.readDoubleLE(this.at))) refuse('is empty or has infinite coordinates');
  }

  get ended(): boolean {
    return this.at === this.bytes.length;
  }
}

/**
 * PostGIS's EWKB as MySQL and MariaDB keep geometries: four bytes of SRID, then WKB without it. Longitude comes first
 * in both. Throws GEOMETRY_FORM for what the two do not hold alike: Z and M, curves, and anything empty.
 * https://dev.mysql.com/doc/refman/8.4/en/gis-data-formats.html#gis-internal-format
 */
export function ewkbToInternal(hex: string): string {
  const bytes = hexBytes(hex);
  try {
    const reader = new Reader(bytes);
    const { kind, srid } = header(reader);
    body(reader, kind);
    if (!reader.ended) return refuse('has more bytes than its parts');
    const head = Buffer.alloc(9);
    head.writeUInt32LE(srid, 0);
    head.writeUInt8(LITTLE_ENDIAN, 4);
    head.writeUInt32LE(kind, 5);
    const rest = bytes.subarray(1 + 4 + (bytes.readUInt32LE(1) & HAS_SRID ? 4 : 0));
    return head.toString('hex') + rest.toString('hex');
  } catch (error) {
    if (error instanceof RangeError) throw new ValueProblem('MALFORMED', 'is not a whole geometry');
    throw error;
  }
}

function header(reader: Reader): { readonly kind: number; readonly srid: number } {
  if (reader.byte() !== LITTLE_ENDIAN) return refuse('is not in little-endian order');
  const type = reader.uint32();
  const srid = type & HAS_SRID ? reader.uint32() : 0;
  const kind = (type & ~HAS_SRID) >>> 0;
  return kind >= POINT && kind <= 7 ? { kind, srid } : refuse('has Z or M, or curves');
}

function body(reader: Reader, kind: number): void {
  const count = kind === POINT ? 1 : reader.uint32();
  if (count === 0) refuse('is empty');
  if (kind === LINE && count < 2) refuse('is a line of one point');
  if (kind === POINT || kind === LINE) reader.points(count);
  else for (let i = 0; i < count; i++) part(reader, kind);
}

function part(reader: Reader, kind: number): void {
  if (kind !== POLYGON) {
    element(reader, ELEMENTS.get(kind) ?? null);
    return;
  }
  const count = reader.uint32();
  if (count < 4) refuse('has a ring of fewer than four points');
  reader.points(count);
}

function element(reader: Reader, wanted: number | null): void {
  const { kind } = header(reader);
  if (wanted !== null && kind !== wanted) refuse('has parts of another kind');
  body(reader, kind);
}
