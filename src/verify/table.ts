import { relationName } from '../model/relation.ts';
import { confirm } from './confirm.ts';
import { type Decoded, decode } from './decode.ts';
import { idOf, LANES } from './fingerprint.ts';
import { type Look, readSourceFirst, type Visitor } from './look.ts';
import { persistent } from './persistent.ts';
import type { Difference, TableResult } from './result.ts';
import { add, createSketch } from './sketch.ts';
import { collect } from './suspects.ts';

/** A share of the rows, chosen by the upper bits of their first lane: for tables that differ too much to see at once. */
interface Slice {
  readonly bits: number;
  readonly index: number;
}

const WHOLE: Slice = { bits: 0, index: 0 };
const LANE_BITS = 30;
const SPLIT_BITS = 4;

interface Tally {
  rows: number;
  destinationRows: number;
  differences: number;
  unsettled: number;
  replaced: number;
  complete: boolean;
  readonly examples: Difference[];
}

/** Compares one table. Reads each side once where they are equal. */
export async function verifyTable(look: Look): Promise<TableResult> {
  const tally: Tally = {
    rows: 0,
    destinationRows: 0,
    differences: 0,
    unsettled: 0,
    replaced: 0,
    complete: true,
    examples: [],
  };
  await verifySlice(look, WHOLE, tally);
  return { table: relationName(look.relation), ...tally };
}

async function verifySlice(look: Look, slice: Slice, tally: Tally): Promise<void> {
  const decoded = await firstReading(look, slice, tally);
  if (!decoded.complete) return await split(look, slice, tally);
  const ids = new Set(decoded.surpluses.map(({ lanes }) => idOf(lanes)));
  if (ids.size > 0) await examine(look, ids, tally);
}

async function firstReading(look: Look, slice: Slice, tally: Tally): Promise<Decoded> {
  const sketch = createSketch(look.options.cells);
  const lanes = new Uint32Array(LANES);
  const shift = LANE_BITS - slice.bits;
  const note = (times: 1 | -1) => (row: Parameters<Look['fingerprint']>[0]) => {
    look.fingerprint(row, lanes);
    if (slice.bits === 0 || (lanes[0] ?? 0) >>> shift === slice.index) add(sketch, lanes, times);
  };
  const { reader } = look;
  const noteSource = note(1);
  tally.replaced = 0;
  const source: Visitor['source'] = reader.replaced
    ? (row, raw) => {
        tally.replaced += reader.replaced?.(raw) ?? 0;
        noteSource(row);
      }
    : noteSource;
  const counted = await readSourceFirst(look, 1, { source, destination: note(-1) });
  tally.rows = counted.rows;
  tally.destinationRows = counted.destinationRows;
  return decode(sketch);
}

async function split(look: Look, slice: Slice, tally: Tally): Promise<void> {
  const bits = slice.bits + SPLIT_BITS;
  if (bits > LANE_BITS) {
    tally.complete = false;
    return;
  }
  for (let part = 0; part < 2 ** SPLIT_BITS; part++) {
    if (!tally.complete) return;
    await verifySlice(look, { bits, index: slice.index * 2 ** SPLIT_BITS + part }, tally);
  }
}

/** Finds out which of these suspects differ for good. */
async function examine(look: Look, ids: ReadonlySet<number>, tally: Tally): Promise<void> {
  const { suspects } = await collect(look, 2, ids, 'destination first');
  if (look.relation.identity !== 'key') return take(look, tally, await persistent(look, suspects));
  const here = [...suspects.values()].flatMap(({ key, destination }) => (key && destination <= 1 ? [key] : []));
  const left = (): number => look.options.maxDifferences - tally.differences;
  take(look, tally, await confirm(look, here, left()));
  const surplus = new Map([...suspects].filter(([, { source, destination }]) => destination > source));
  if (surplus.size > 0) take(look, tally, await persistent(look, surplus));
}

type Found = Pick<TableResult, 'examples' | 'complete'> & { readonly count: number; readonly unsettled: number };

function take(look: Look, tally: Tally, found: Found): void {
  tally.differences += found.count;
  tally.unsettled += found.unsettled;
  tally.examples.push(...found.examples.slice(0, look.options.examples - tally.examples.length));
  tally.complete &&= found.complete && tally.differences < look.options.maxDifferences;
}
