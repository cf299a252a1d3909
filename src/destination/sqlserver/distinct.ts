import type { Row, Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { keyOf } from '../refusal.ts';

/** The last row of each key, at the place of its first: of two staged rows with one key UPDATE silently takes either. */
export function distinct({ relation }: Target, rows: Rows): Rows {
  const byKey = new Map<string, Row>();
  for (const row of rows) byKey.set(JSON.stringify(keyOf(relation, row)), row);
  return byKey.size === rows.length ? rows : [...byKey.values()];
}
