import { ValueProblem } from '../problem.ts';
import { excerpt } from '../values/excerpt.ts';
import { family } from '../values/family.ts';
import { limitHex, nearestHex } from '../values/limits.ts';
import { hexDigits } from '../values/scalar.ts';
import { uuidHex } from '../values/uuid.ts';
import { bare, type Chosen, type Make, size } from './chosen.ts';
import { bytes, type Coding, type Convert, MAX_BYTES, uuid } from './coding.ts';

const hexOf = ({ type }: Chosen): Convert | null =>
  family(type) === 'bytea' ? hexDigits : family(type) === 'uuid' ? uuidHex : null;

/** Bytes up to `limit`. */
function upTo(chosen: Chosen, ddl: string, limit: number): Coding | string | null {
  const form = hexOf(chosen);
  if (form === null) return null;
  if (form === uuidHex) return limit < 16 ? 'a uuid has 16 bytes' : bytes(ddl, limit, uuidHex);
  const encode: Convert = (value) => {
    const made = limitHex(form(value), limit);
    if (chosen.at.keyBytes === null || (made !== '' && !made.endsWith('00'))) return made;
    throw new ValueProblem(
      'ZERO_KEY',
      `ends with a zero byte or is empty, which SQL Server ignores in a key: ${excerpt(made)}`,
    );
  };
  return bytes(ddl, limit, encode, { expect: form, problems: ['TEXT_TOO_LONG'], nearest: nearestHex(limit) });
}

function varbinary(chosen: Chosen): Coding | string | null {
  if (chosen.args?.toLowerCase() === 'max') {
    if (chosen.at.keyBytes !== null) return 'it cannot be part of a key';
    const form = hexOf(chosen);
    return form === null ? null : bytes('varbinary(max)', null, form);
  }
  const limit = size(chosen.args, 1, MAX_BYTES);
  if (limit === null) return `it is varbinary(n) with n from 1 to ${MAX_BYTES}, or varbinary(max)`;
  return upTo(chosen, `varbinary(${limit})`, limit);
}

/** A fixed length is filled up with zero bytes, so a value must have that very length. */
function binary(chosen: Chosen): Coding | string | null {
  const length = size(chosen.args, 1, MAX_BYTES);
  if (length === null) return `it is binary(n) with n from 1 to ${MAX_BYTES}`;
  const made = upTo(chosen, `binary(${length})`, length);
  if (made === null || typeof made === 'string') return made;
  if (made.problems.length === 0) return length === 16 ? made : 'a uuid has 16 bytes';
  const encode: Convert = (value) => {
    const found = made.encode(value);
    if (found.length === length * 2) return found;
    throw new ValueProblem('TEXT_FORM', `has ${found.length / 2} bytes, which a binary(${length}) fills up with zeros`);
  };
  return { ...made, encode, problems: [...made.problems, 'TEXT_FORM'] };
}

export const BYTE_TYPES: Readonly<Record<string, Make>> = {
  varbinary,
  binary,
  uniqueidentifier: bare(({ type }) => (family(type) === 'uuid' ? uuid : null)),
};
