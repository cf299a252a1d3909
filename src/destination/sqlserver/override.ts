import { Pg2anyError } from '../../model/error.ts';
import type { ColumnRules } from '../../model/mapping.ts';
import type { Column } from '../../model/relation.ts';
import type { Make } from './chosen.ts';
import { BYTE_TYPES } from './chosen-bytes.ts';
import { MOMENT_TYPES } from './chosen-moments.ts';
import { NUMBER_TYPES } from './chosen-numbers.ts';
import { TEXT_TYPES } from './chosen-text.ts';
import type { Coding, Standing } from './coding.ts';

/** A column, by name where it has one. */
export type Named = Pick<Column, 'type'> & Partial<Pick<Column, 'name'>>;

/** Every type that may be asked for. Null stands for one that cannot hold the column's values exactly. */
const TYPES: Readonly<Record<string, Make>> = { ...NUMBER_TYPES, ...TEXT_TYPES, ...BYTE_TYPES, ...MOMENT_TYPES };

const WRITTEN = /^([a-z]+2?)\s*(?:\(\s*(.*?)\s*\))?$/is;

/** The codec of a column whose type was chosen. Throws CONFIG_INVALID where it cannot hold the column's values exactly. */
export function override(column: Named, wanted: string, at: Standing, rules: ColumnRules): Coding {
  const [, written = '', args] = WRITTEN.exec(wanted.trim()) ?? [];
  const make = TYPES[written.toLowerCase()];
  if (!make) throw refused(column, wanted, unknown(written.toLowerCase()));
  const made = make({ args: args ?? null, type: column.type, at, rules });
  if (typeof made === 'string') throw refused(column, wanted, made);
  if (made === null) throw refused(column, wanted, `it cannot hold every ${column.type.display} exactly`);
  return { ...made, note: made.note ?? 'a type of your choice' };
}

const CODE_PAGE = 'it has a code page, which loses characters; use nvarchar';

const REASONS: Readonly<Record<string, string>> = {
  datetime: 'it counts in steps of 3.33 ms; use datetime2(6)',
  smalldatetime: 'it counts in minutes; use datetime2(6)',
  timestamp: 'it is a row version there, not a moment; use datetime2(6)',
  rowversion: 'it cannot be written',
  money: 'it ends at 922,337,203,685,477.58; use decimal(19,2)',
  smallmoney: 'it ends at 214,748.36; use decimal(19,2)',
  varchar: CODE_PAGE,
  char: CODE_PAGE,
  text: CODE_PAGE,
  ntext: 'it cannot be compared and is deprecated; use nvarchar(max)',
  image: 'it cannot be compared and is deprecated; use varbinary(max)',
  xml: 'it rewrites what it is given; use nvarchar(max)',
};

const unknown = (name: string): string =>
  REASONS[name] ?? `supported are ${Object.keys(TYPES).join(', ')}, each as in CREATE TABLE and nothing behind it`;

const refused = (column: Named, wanted: string, why: string): Pg2anyError =>
  new Pg2anyError('CONFIG_INVALID', `the type ${wanted} was chosen for column ${column.name ?? '?'}, but ${why}`);
