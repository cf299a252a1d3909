import type { Cursor } from './bytes.ts';
import type { Value } from './received.ts';

/** A type as its TYPE_INFO describes it. [MS-TDS] 2.2.5.4 */
export interface SqlType {
  /** As T-SQL declares it: `decimal(10, 2)`. */
  readonly text: string;
  /** Reads a value of a parameter or of a row. */
  readonly read: (cursor: Cursor) => Value;
}

/** Reads the rest of a TYPE_INFO, after the byte that names the type. */
export type TypeReader = (cursor: Cursor) => SqlType;

/** No length before the value, and no NULL. */
export const fixed = (text: string, read: (cursor: Cursor) => Value): TypeReader => {
  const type: SqlType = { text, read };
  return () => type;
};

/** A length byte before every value; 0 is NULL. `read` gets exactly the value's bytes. */
export const byteSized = (text: string, read: (bytes: Buffer) => Value): SqlType => ({
  text,
  read: (cursor) => {
    const size = cursor.u8();
    return size === 0 ? null : read(cursor.take(size));
  },
});
