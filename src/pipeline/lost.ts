import type { Destination } from '../model/destination.ts';
import type { Emit } from '../model/event.ts';
import type { Counters } from '../status/counters.ts';

/**
 * Counts what policies have replaced since the last time, and says so the first time for each column; says what else the
 * destination has to tell.
 */
export function reportLost(destination: Destination, counters: Counters, emit: Emit): void {
  for (const { event, message } of destination.takeWarnings?.() ?? []) emit({ severity: 'warn', event, message });
  for (const { table, column, problem, policy, count, unkept } of destination.takeLost?.() ?? []) {
    const first = counters.lose({ table, column, class: problem, policy, count });
    if (!first) continue;
    const how = policy === 'null' ? 'NULL stands in their place' : 'the nearest value stands in their place';
    const kept = problem === 'PACKET_TOO_LARGE' ? 'the first 65,536 characters of each are' : 'the originals are';
    const where = unkept ? 'they stand at the source alone' : `${kept} in pg2any_lost_values`;
    const message = `${table}.${column}: values of class ${problem} cannot be held, ${how}; ${where}`;
    emit({ severity: 'warn', event: 'value.replaced', message, data: { table, column, class: problem, policy } });
  }
}
