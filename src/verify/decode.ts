import { LANES } from './fingerprint.ts';
import { CHECK, COUNT, cellOf, checkOf, PRIME, type Sketch, STRIDE, TABLES } from './sketch.ts';

/** Rows with these lanes, so many more on the first side than on the second. */
export interface Surplus {
  readonly lanes: Uint32Array;
  readonly count: number;
}

export interface Decoded {
  readonly surpluses: readonly Surplus[];
  /** False: too many differences for the sketch; `surpluses` are some of them, or none. */
  readonly complete: boolean;
}

/** Takes the sketch apart by peeling: a cell with one kind of row names it, which lays other cells bare. */
export function decode(sketch: Sketch): Decoded {
  const surpluses: Surplus[] = [];
  const open = Array.from({ length: sketch.cellsPerTable * TABLES }, (_, cell) => cell);
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const found = single(sketch, cell);
    if (!found) continue;
    surpluses.push(found);
    open.push(...takeAway(sketch, found));
  }
  return { surpluses, complete: isEmpty(sketch) };
}

export const isEmpty = (sketch: Sketch): boolean => sketch.words.every((word) => word === 0);

function single(sketch: Sketch, cell: number): Surplus | null {
  const at = cell * STRIDE;
  const count = sketch.words[at + COUNT] ?? 0;
  if (count === 0) return null;
  const inverse = inverseOf(count);
  const lanes = Uint32Array.from({ length: LANES }, (_, i) => times(sketch.words[at + i] ?? 0, inverse));
  if (cellOf(sketch, Math.floor(cell / sketch.cellsPerTable), lanes) !== cell) return null;
  return times(checkOf(lanes), residue(count)) === sketch.words[at + CHECK] ? { lanes, count } : null;
}

/** Returns the cells that changed. */
function takeAway(sketch: Sketch, { lanes, count }: Surplus): number[] {
  const { words } = sketch;
  const by = residue(-count);
  const fields = [...lanes, checkOf(lanes)].map((field) => times(field, by));
  return Array.from({ length: TABLES }, (_, table) => {
    const cell = cellOf(sketch, table, lanes);
    const at = cell * STRIDE;
    for (const [i, field] of fields.entries()) words[at + i] = ((words[at + i] ?? 0) + field) % PRIME;
    words[at + COUNT] = (words[at + COUNT] ?? 0) - count;
    return cell;
  });
}

const residue = (value: number): number => ((value % PRIME) + PRIME) % PRIME;

const times = (a: number, b: number): number =>
  b === 1 ? a : b === PRIME - 1 ? residue(-a) : Number((BigInt(a) * BigInt(b)) % BigInt(PRIME));

/** By Fermat: the inverse of n is n^(p-2). */
function inverseOf(count: number): number {
  const base = residue(count);
  if (base === 1 || base === PRIME - 1) return base;
  let [result, power] = [1, base];
  for (let exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = times(result, power);
    power = times(power, power);
  }
  return result;
}
