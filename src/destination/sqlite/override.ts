import { Pg2anyError } from '../../model/error.ts';
import type { ColumnRules } from '../../model/mapping.ts';
import type { Column, PgType } from '../../model/relation.ts';
import { type Family, family } from '../values/family.ts';
import { byteaHex } from '../values/scalar.ts';
import { textForm } from '../values/text-form.ts';
import { declaredNumeric } from '../values/typmod.ts';
import { uuidHex } from '../values/uuid.ts';
import { NUMERIC_PROBLEMS, whole } from '../values/whole.ts';
import { boolean, type Coding, coding, integer, real } from './coding.ts';

type Make = (type: PgType, rules: ColumnRules) => Coding | null;

const INTEGERS: ReadonlySet<Family> = new Set(['int2', 'int4', 'int8', 'oid']);

/** The types that may be asked for, and what each can take exactly; null where it cannot. */
const TYPES: Readonly<Record<string, Make>> = {
  INTEGER: asInteger,
  REAL: (type) => (['float4', 'float8', 'int2', 'int4'].includes(family(type)) ? real : null),
  TEXT: (type, { types }) => coding('TEXT', 'text', textForm(type, types)),
  BLOB: (type) => {
    if (family(type) === 'bytea') return coding('BLOB', 'bytes', byteaHex);
    return family(type) === 'uuid' ? coding('BLOB', 'bytes', uuidHex) : null;
  },
};

function asInteger(type: PgType): Coding | null {
  const kind = family(type);
  if (INTEGERS.has(kind)) return integer;
  if (kind === 'bool') return boolean;
  if (kind !== 'numeric' && kind !== 'xid8') return null;
  const { encode, nearest } = whole(64);
  const problems = NUMERIC_PROBLEMS.filter(
    (one) => one !== 'NUMERIC_INFINITY' || declaredNumeric(type.typmod) === null,
  );
  return {
    ...coding('INTEGER', 'integer', encode),
    problems: kind === 'xid8' ? ['NUMERIC_OVERFLOW'] : problems,
    nearest,
  };
}

/** The codec of a column whose type was chosen. Throws CONFIG_INVALID where it cannot hold the column's values exactly. */
export function override(column: Column, wanted: string, rules: ColumnRules): Coding {
  const make = TYPES[wanted.toUpperCase()];
  const made = make?.(column.type, rules);
  if (made) return made;
  const why = make
    ? `${wanted.toUpperCase()} cannot hold every ${column.type.display} exactly`
    : `SQLite has the types ${Object.keys(TYPES).join(', ')}; any other name gives one of them by accident`;
  throw new Pg2anyError('CONFIG_INVALID', `the type ${wanted} for column ${column.name}: ${why}`);
}
