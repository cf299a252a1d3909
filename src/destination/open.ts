import type { DestinationOptions } from '../model/destination.ts';
import type { OpenEngine } from './contract.ts';
import { SqlDestination } from './sql-destination.ts';
import { FollowedRules } from './tables/followed-rules.ts';

/** An engine and the destination on it, with rules that both know under the same names. */
export function openSql(open: OpenEngine, options: DestinationOptions): SqlDestination {
  const followed = { ...options, rules: FollowedRules.of(options.rules) };
  return new SqlDestination(open(followed), followed);
}
