import type { Cursor } from './bytes.ts';
import { type Facts, transactionHeader } from './headers.ts';
import type { Parameter, Rpc } from './received.ts';
import { readType } from './type-info.ts';

/** Procedures that are called by number. [MS-TDS] 2.2.6.6 */
const PROCEDURES: ReadonlyMap<number, string> = new Map([
  [10, 'sp_executesql'],
  [11, 'sp_prepare'],
  [12, 'sp_execute'],
  [13, 'sp_prepexec'],
  [15, 'sp_unprepare'],
]);

const BY_NUMBER = 0xffff;
const OUTPUT = 0x01;
/** Instead of a name's length: another call follows in the same message. */
const NEXT_CALL: readonly number[] = [0x80, 0xfe, 0xff];

/** [MS-TDS] 2.2.6.6 */
export function parseRpc(cursor: Cursor, facts: Facts): Rpc {
  const transaction = transactionHeader(cursor);
  const name = procedureName(cursor);
  cursor.u16();
  const all: Parameter[] = [];
  while (cursor.left > 0) all.push(parameter(cursor));
  const call = { kind: 'rpc', ...facts, transaction, name } as const;
  if (name !== 'sp_executesql') return { ...call, sql: null, declarations: null, params: all };
  const [statement, declarations, ...params] = all;
  return { ...call, sql: textOf(statement), declarations: textOf(declarations), params };
}

function procedureName(cursor: Cursor): string {
  const length = cursor.u16();
  if (length !== BY_NUMBER) return cursor.ucs2(length);
  const number = cursor.u16();
  return PROCEDURES.get(number) ?? `procedure ${number}`;
}

function parameter(cursor: Cursor): Parameter {
  const length = cursor.u8();
  if (NEXT_CALL.includes(length)) throw new Error('several calls in one message cannot be read here');
  const name = cursor.ucs2(length);
  const output = (cursor.u8() & OUTPUT) !== 0;
  const type = readType(cursor);
  return { name, type: type.text, value: type.read(cursor), output };
}

const textOf = (parameter: Parameter | undefined): string | null =>
  typeof parameter?.value === 'string' ? parameter.value : null;
