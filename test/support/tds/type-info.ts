import type { Cursor } from './bytes.ts';
import { NUMBER_TYPES } from './number-types.ts';
import type { SqlType } from './sql-type.ts';
import { STRING_TYPES } from './string-types.ts';
import { TIME_TYPES } from './time-types.ts';

const TYPES = new Map([...NUMBER_TYPES, ...TIME_TYPES, ...STRING_TYPES]);

/** TYPE_INFO. [MS-TDS] 2.2.5.6 */
export function readType(cursor: Cursor): SqlType {
  const id = cursor.u8();
  const read = TYPES.get(id);
  // Table-valued parameters, variants, XML and the old text types: nobody here has sent them yet.
  if (!read) throw new Error(`values of type 0x${id.toString(16)} cannot be read here`);
  return read(cursor);
}
