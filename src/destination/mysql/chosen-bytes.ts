import { ValueProblem } from '../problem.ts';
import { family } from '../values/family.ts';
import { limitHex, nearestHex } from '../values/limits.ts';
import { hexDigits } from '../values/scalar.ts';
import { uuidHex } from '../values/uuid.ts';
import { bare, type Chosen, type Make, size } from './chosen.ts';
import { type Coding, type Convert, coding } from './coding.ts';
import { nativeGeometry, nativeUuid } from './native.ts';

const read = (column: string): string => `LOWER(HEX(${column}))`;

const hexOf = ({ type }: Chosen): Convert | null =>
  family(type) === 'bytea' ? hexDigits : family(type) === 'uuid' ? uuidHex : null;

/** Bytes up to `limit`. */
function upTo(chosen: Chosen, ddl: string, limit: number): Coding | string | null {
  const form = hexOf(chosen);
  if (form === null) return null;
  if (form === uuidHex) return limit < 16 ? 'a uuid has 16 bytes' : coding(ddl, 'bytes', uuidHex, { read });
  return coding(ddl, 'bytes', (value) => limitHex(form(value), limit), {
    read,
    expect: form,
    problems: ['TEXT_TOO_LONG'],
    nearest: nearestHex(limit),
  });
}

function varbinary(chosen: Chosen): Coding | string | null {
  const limit = size(chosen.args, 1, 65_000);
  return limit === null ? 'it is VARBINARY(n) with n from 1 to 65000' : upTo(chosen, `VARBINARY(${limit})`, limit);
}

/** A BINARY fills up with zero bytes, so a value must have its very length. */
function binary(chosen: Chosen): Coding | string | null {
  const length = size(chosen.args, 1, 255);
  if (length === null) return 'it is BINARY(n) with n from 1 to 255';
  const made = upTo(chosen, `BINARY(${length})`, length);
  if (made === null || typeof made === 'string') return made;
  const encode: Convert = (value) => {
    const bytes = made.encode(value);
    if (bytes.length === length * 2) return bytes;
    throw new ValueProblem('TEXT_FORM', `has ${bytes.length / 2} bytes, which a BINARY(${length}) fills up with zeros`);
  };
  if (made.problems.length === 0) return length === 16 ? made : 'a uuid has 16 bytes';
  return { ...made, encode, transcribe: undefined, problems: [...made.problems, 'TEXT_FORM'] };
}

const blob = (name: string, limit: number): Make =>
  bare((chosen) => (chosen.at.keyBytes === null ? upTo(chosen, name, limit) : 'it cannot be part of a key'));

export const BYTE_TYPES: Readonly<Record<string, Make>> = {
  BINARY: binary,
  VARBINARY: varbinary,
  TINYBLOB: blob('TINYBLOB', 255),
  BLOB: blob('BLOB', 65_535),
  MEDIUMBLOB: blob('MEDIUMBLOB', 16_777_215),
  LONGBLOB: blob('LONGBLOB', 4_294_967_295),
  UUID: bare(({ type, at }) => (family(type) === 'uuid' ? nativeUuid(at) : null)),
  GEOMETRY: bare(({ type, at }) => {
    if (at.keyBytes !== null) return 'it cannot be part of a key';
    return family(type) === 'geometry' ? nativeGeometry(at) : null;
  }),
};
