import type { KnownColumn, TableShape, TableState } from '../../model/checkpoint.ts';
import type { Relation } from '../../model/relation.ts';

/** What is remembered of a table; null where it is remembered already, or attribute numbers are not all known. */
export function shapeOf({ target, schema, name, columns }: Relation, known: TableState | undefined): TableShape | null {
  const now = columns.flatMap((column): KnownColumn[] =>
    column.attnum === null
      ? []
      : [
          {
            attnum: column.attnum,
            name: column.name,
            column: column.name,
            typeOid: column.type.oid,
            typmod: column.type.typmod,
          },
        ],
  );
  if (now.length !== columns.length) return null;
  const before = known?.shape;
  if (
    before &&
    JSON.stringify(before.columns) === JSON.stringify(now) &&
    known.name === name &&
    known.schema === schema
  )
    return null;
  return { target, origin: before?.origin ?? { schema, name }, columns: now };
}
