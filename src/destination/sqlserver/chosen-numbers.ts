import { family } from '../values/family.ts';
import { moneyDecimal } from '../values/scalar.ts';
import { declaredNumeric, plainNumeric } from '../values/typmod.ts';
import { numericProblems, WHOLE, whole } from '../values/whole.ts';
import { bare, type Chosen, type Make } from './chosen.ts';
import { boolean, type Coding, decimal, float, integer } from './coding.ts';

type IntegerName = 'smallint' | 'int' | 'bigint';

const asInteger = (name: IntegerName, bits: number): Make =>
  bare(({ type }) => {
    const kind = family(type);
    const made = integer(name);
    if (kind === 'bool') return { ...made, encode: boolean.encode, expect: boolean.expect };
    const source = WHOLE[kind];
    if (source && source.bits <= bits) return made;
    if (!source && kind !== 'numeric') return null;
    const { encode, nearest } = whole(bits);
    const problems = source ? (['NUMERIC_OVERFLOW'] as const) : numericProblems(type.typmod);
    return { ...made, encode, expect: encode, problems, nearest };
  });

function asDecimal({ args, type }: Chosen): Coding | string | null {
  const match = /^(\d{1,3})(?:\s*,\s*(\d{1,3}))?$/.exec(args ?? '');
  const shape = { precision: Number(match?.[1]), scale: Number(match?.[2] ?? 0) };
  if (!match || shape.precision < 1 || shape.precision > 38 || shape.scale > shape.precision)
    return 'it is decimal(p,s) with at most 38 digits';
  const kind = family(type);
  const source = WHOLE[kind];
  const room = shape.precision - shape.scale;
  if (source) return decimal(shape, source.digits <= room ? [] : ['NUMERIC_OVERFLOW']);
  if (kind === 'money')
    return shape.scale >= 2 && room >= 17 ? decimal(shape, [], moneyDecimal) : 'money takes decimal(19,2) or more';
  if (kind !== 'numeric') return null;
  const declared = declaredNumeric(type.typmod);
  const plain = declared && plainNumeric(declared);
  const fits = plain !== null && plain.scale <= shape.scale && plain.precision - plain.scale <= room;
  return decimal(shape, fits ? ['NUMERIC_NAN'] : numericProblems(type.typmod));
}

function asFloat({ args, type }: Chosen): Coding | string | null {
  if (args !== null && args !== '53') return 'it is float or float(53); with fewer digits it rounds';
  const kind = family(type);
  if (kind === 'float4' || kind === 'float8') return float(kind, 'float');
  return kind === 'int2' || kind === 'int4' ? { ...float('float8', 'float'), problems: [] } : null;
}

export const NUMBER_TYPES: Readonly<Record<string, Make>> = {
  bit: bare(({ type }) => (family(type) === 'bool' ? boolean : null)),
  smallint: asInteger('smallint', 16),
  int: asInteger('int', 32),
  bigint: asInteger('bigint', 64),
  decimal: asDecimal,
  numeric: asDecimal,
  float: asFloat,
  real: bare(({ type }) => (family(type) === 'float4' ? float('float4', 'real') : null)),
};
