import { family } from '../values/family.ts';
import { moneyDecimal } from '../values/scalar.ts';
import { declaredNumeric, plainNumeric } from '../values/typmod.ts';
import { numericProblems, WHOLE, whole } from '../values/whole.ts';
import type { Chosen, Make } from './chosen.ts';
import { boolean, type Coding, coding, decimal, double, integer } from './coding.ts';

const BITS: Readonly<Record<string, number>> = {
  TINYINT: 8,
  SMALLINT: 16,
  MEDIUMINT: 24,
  INT: 32,
  INTEGER: 32,
  BIGINT: 64,
};

const asInteger =
  (name: string, bits: number): Make =>
  ({ args, type }) => {
    if (args !== null && !(name === 'TINYINT' && args === '1')) return 'a width in parentheses says nothing there';
    const ddl = name === 'TINYINT' ? 'TINYINT(1)' : name === 'INTEGER' ? 'INT' : name;
    const kind = family(type);
    if (kind === 'bool') return { ...boolean, ddl };
    const source = WHOLE[kind];
    if (source && source.bits <= bits) return integer(ddl);
    if (!source && kind !== 'numeric') return null;
    const { encode, nearest } = whole(bits);
    return coding(ddl, 'integer', encode, {
      problems: source ? ['NUMERIC_OVERFLOW'] : numericProblems(type.typmod),
      nearest,
    });
  };

function asDecimal({ args, type }: Chosen): Coding | string | null {
  const match = /^(\d{1,3})(?:\s*,\s*(\d{1,3}))?$/.exec(args ?? '');
  const shape = { precision: Number(match?.[1]), scale: Number(match?.[2] ?? 0) };
  if (!match || shape.precision < 1 || shape.precision > 65 || shape.scale > Math.min(30, shape.precision))
    return 'it is DECIMAL(p,s) with at most 65 digits, at most 30 of them after the point';
  const kind = family(type);
  const source = WHOLE[kind];
  const room = shape.precision - shape.scale;
  if (source) return decimal(shape, source.digits <= room ? [] : ['NUMERIC_OVERFLOW']);
  if (kind === 'money')
    return shape.scale >= 2 && room >= 17 ? decimal(shape, [], moneyDecimal) : 'money takes DECIMAL(19,2) or more';
  if (kind !== 'numeric') return null;
  const declared = declaredNumeric(type.typmod);
  const plain = declared && plainNumeric(declared);
  const fits = plain !== null && plain.scale <= shape.scale && plain.precision - plain.scale <= room;
  return decimal(shape, fits ? ['NUMERIC_NAN'] : numericProblems(type.typmod));
}

function asDouble({ args, type }: Chosen): Coding | string | null {
  if (args !== null) return 'with digits in parentheses it rounds';
  const kind = family(type);
  if (kind === 'float4' || kind === 'float8') return double(kind);
  return kind === 'int2' || kind === 'int4' ? { ...double('float8'), problems: [] } : null;
}

export const NUMBER_TYPES: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(Object.entries(BITS).map(([name, bits]) => [name, asInteger(name, bits)])),
  DECIMAL: asDecimal,
  NUMERIC: asDecimal,
  DOUBLE: asDouble,
};
