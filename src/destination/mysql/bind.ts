import { escape as quoted } from 'mysql2';
import type { Cell } from '../contract.ts';

const QUOTED_OR_PARAMETER = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`|\?/gs;

/**
 * The statement with its values in place of the question marks, except those in names and strings, which the driver
 * would take for parameters, too.
 */
export function bind(sql: string, values: readonly Cell[]): string {
  let next = 0;
  return sql.replace(QUOTED_OR_PARAMETER, (match) => (match === '?' ? quoted(values[next++] ?? null) : match));
}
