export type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC';

/**
 * What SQLite makes of a declared type, by its five rules in their order.
 * https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
export function affinity(declared: string): Affinity {
  const type = declared.toUpperCase();
  if (type.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT';
  if (type === '' || type.includes('BLOB')) return 'BLOB';
  if (/REAL|FLOA|DOUB/.test(type)) return 'REAL';
  return 'NUMERIC';
}

/** Whether a column of this affinity keeps what the mapping writes exactly as it is written. */
export function keeps(found: Affinity, wanted: Affinity): boolean {
  // bytes are never converted; a column without affinity converts nothing
  if (wanted === 'BLOB' || found === wanted) return true;
  if (wanted === 'TEXT') return found === 'BLOB';
  return wanted === 'INTEGER' && found === 'NUMERIC';
}
