import { relationName } from '../model/relation.ts';
import type { Transform } from './transform.ts';

/** Only these tables (`schema.table`); null lets all pass. */
export function onlyTables(names: readonly string[] | null): Transform {
  if (!names) return (relation) => relation;
  const wanted = new Set(names);
  return (relation) => (wanted.has(relationName(relation)) ? relation : null);
}
