/**
 * A process of its own that replicates into nothing until it has everything, then says what that took:
 * `drain.ts URL SLOT initial|never`. Run it with a small heap.
 */
import { NullDestination } from './null-destination.ts';
import { catchUp } from './pipeline.ts';

const [source = '', slot = '', snapshot = 'never'] = process.argv.slice(2);
const destination = new NullDestination();
await catchUp({
  source,
  slot,
  open: () => destination,
  pipeline: { snapshot: snapshot === 'initial' ? 'initial' : 'never' },
});
const { rows, batches, longest } = destination;
console.log(JSON.stringify({ rows, batches, longest, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
