import type { Cursor } from './bytes.ts';
import type { Facts } from './headers.ts';
import type { Bulk, BulkColumn, Value } from './received.ts';
import type { SqlType } from './sql-type.ts';
import { readType } from './type-info.ts';

const TOKEN = { columns: 0x81, row: 0xd1, done: 0xfd } as const;
const NULLABLE = 0x01;

/** COLMETADATA once, ROW tokens, DONE. [MS-TDS] 2.2.6.1 */
export function parseBulk(cursor: Cursor, facts: Facts): Bulk {
  const columns: BulkColumn[] = [];
  const types: SqlType[] = [];
  const rows: Value[][] = [];
  for (;;) {
    const token = cursor.u8();
    if (token === TOKEN.row) rows.push(types.map((type) => type.read(cursor)));
    else if (token === TOKEN.columns) readColumns(cursor, columns, types);
    else if (token === TOKEN.done) return { kind: 'bulk', ...facts, columns, rows };
    else throw new Error(`token 0x${token.toString(16)} at ${cursor.at - 1} of a bulk load`);
  }
}

function readColumns(cursor: Cursor, columns: BulkColumn[], types: SqlType[]): void {
  for (let left = cursor.u16(); left > 0; left--) {
    cursor.u32();
    const nullable = (cursor.u16() & NULLABLE) !== 0;
    const type = readType(cursor);
    types.push(type);
    columns.push({ name: cursor.shortText(), type: type.text, nullable });
  }
}
