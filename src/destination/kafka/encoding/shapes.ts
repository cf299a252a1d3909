import { ValueProblem } from '../../problem.ts';
import { excerpt } from '../../values/excerpt.ts';
import { hexBytes } from '../../values/scalar.ts';
import type { Native } from './native.ts';
import { type ConnectSchema, field, named, plain } from './schema.ts';

/** `0101…` as bytes, the least significant first: Debezium's Bits. */
export function bitsBytes(text: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil(text.length / 8));
  for (let at = 0; at < text.length; at++) {
    const place = text.length - 1 - at;
    if (text[at] === '1') bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7));
  }
  return bytes;
}

const POINT = /^\(([^,()]+),([^,()]+)\)$/;

function wellKnownPoint(x: number, y: number): Buffer {
  const wkb = Buffer.alloc(21);
  wkb.writeUInt8(1, 0); // little-endian
  wkb.writeUInt32LE(1, 1); // a point
  wkb.writeDoubleLE(x, 5);
  wkb.writeDoubleLE(y, 13);
  return wkb;
}

export const point = {
  schema: {
    ...named('struct', 'io.debezium.data.geometry.Point'),
    doc: 'Geometry (POINT)',
    fields: [
      field('x', plain('double')),
      field('y', plain('double')),
      field('wkb', plain('bytes'), true),
      field('srid', plain('int32'), true),
    ],
  } as ConnectSchema,
  native(text: string): Native {
    const [, x = '', y = ''] = POINT.exec(text) ?? [];
    if (!Number.isFinite(Number(x || NaN)) || !Number.isFinite(Number(y || NaN)))
      throw new ValueProblem('GEOMETRY_FORM', `is no point of finite numbers: ${excerpt(text)}`);
    return { x: Number(x), y: Number(y), wkb: wellKnownPoint(Number(x), Number(y)), srid: null };
  },
};

/** Set in the type of an extended WKB that carries its reference system. */
const HAS_SRID = 0x20000000;

/** PostGIS prints extended WKB in hexadecimal. https://postgis.net/docs/using_postgis_dbmanagement.html#EWKB_EWKT */
export const geometry = {
  schema: (type: string): ConnectSchema => {
    const doc = type === 'geography' ? 'Geography' : 'Geometry';
    const fields = [field('wkb', plain('bytes')), field('srid', plain('int32'), true)];
    return { ...named('struct', `io.debezium.data.geometry.${doc}`), doc, fields };
  },
  native(text: string): Native {
    const wkb = hexBytes(text);
    if (wkb.length < 5) throw new ValueProblem('MALFORMED', `is not a geometry: ${excerpt(text)}`);
    const little = wkb[0] === 1;
    const at = (offset: number): number => (little ? wkb.readUInt32LE(offset) : wkb.readUInt32BE(offset));
    const srid = (at(1) & HAS_SRID) !== 0 && wkb.length >= 9 ? at(5) : null;
    return { wkb, srid };
  },
};
