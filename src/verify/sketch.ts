import { LANE, LANES, mix } from './fingerprint.ts';

/**
 * The difference of two bags of rows in fixed memory: an invertible Bloom lookup table. Rows of one side are added,
 * those of the other taken away; what both have cancels out. Each row goes into one cell of each of three tables;
 * sums are kept modulo a prime so that duplicates can be divided out again.
 * https://arxiv.org/abs/1101.2245 (Goodrich, Mitzenmacher: Invertible Bloom Lookup Tables)
 */
export interface Sketch {
  /** A power of two. */
  readonly cellsPerTable: number;
  /** `STRIDE` words per cell: sums of the lanes, sum of their checks, rows of one side minus rows of the other. */
  readonly words: Int32Array;
}

/** Sums are residues of this prime, 2^31 - 1, so they can be divided. */
export const PRIME = 0x7fffffff;

export const TABLES = 3;
export const CHECK = LANES;
export const COUNT = LANES + 1;
/** A cell lies within one cache line: that is what a row costs. */
export const STRIDE = 8;

/** 32 bytes per cell; differences up to about 0.75 of the cells can be told apart. */
export function createSketch(cells: number): Sketch {
  const cellsPerTable = 2 ** Math.max(3, Math.round(Math.log2(cells / TABLES)));
  return { cellsPerTable, words: new Int32Array(cellsPerTable * TABLES * STRIDE) };
}

/** Two words that every lane takes part in, so that versions of one row part ways. */
const first = (lanes: Uint32Array): number =>
  Math.imul(lanes[0] ?? 0, 0x9e3779b1) ^ Math.imul(lanes[2] ?? 0, 0x5f356495);
const second = (lanes: Uint32Array): number =>
  Math.imul(lanes[1] ?? 0, 0x85ebca6b) ^ Math.imul(lanes[3] ?? 0, 0xc2b2ae35);

/** The cell of this row in one of the tables. */
export function cellOf(sketch: Sketch, table: number, lanes: Uint32Array): number {
  const word = mix(first(lanes) + Math.imul(table + 1, second(lanes) | 1));
  return table * sketch.cellsPerTable + (word & (sketch.cellsPerTable - 1));
}

/** Not linear in the lanes, so a cell with several rows does not look like one with a single row. */
export const checkOf = (lanes: Uint32Array): number => mix(mix(first(lanes)) ^ second(lanes)) & LANE;

/** Adds `times` rows (negative: takes away) with these lanes. */
export function add(sketch: Sketch, lanes: Uint32Array, times: 1 | -1): void {
  const { words } = sketch;
  const check = checkOf(lanes);
  for (let table = 0; table < TABLES; table++) {
    const at = cellOf(sketch, table, lanes) * STRIDE;
    for (let i = 0; i < LANES; i++) words[at + i] = sum(words[at + i] ?? 0, lanes[i] ?? 0, times);
    words[at + CHECK] = sum(words[at + CHECK] ?? 0, check, times);
    words[at + COUNT] = (words[at + COUNT] ?? 0) + times;
  }
}

/** Modulo the prime, without leaving 32-bit integers. */
function sum(a: number, b: number, times: 1 | -1): number {
  const low = times === 1 ? a - PRIME + b : a - b;
  return low < 0 ? low + PRIME : low;
}
