import type { Target } from '../contract.ts';
import { literal } from './literal.ts';
import type { Wire } from './wire.ts';

/** Asked once for each table of a session. */
export async function identityOf(known: WeakMap<Target, boolean>, target: Target, wire: Wire): Promise<boolean> {
  const found = known.get(target);
  if (found !== undefined) return found;
  const sql = `SELECT OBJECTPROPERTY(OBJECT_ID(${literal(target.place.sql)}), N'TableHasIdentity');`;
  const { rows } = await wire.batch(sql);
  const has = rows[0]?.[0] === '1';
  known.set(target, has);
  return has;
}
