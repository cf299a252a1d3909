import type { PackedRow, Row, Rows } from './value.ts';

/** Rows one after the other, without touching any of them. */
export function joined(parts: readonly Rows[]): Rows {
  return new Joined(parts);
}

class Joined implements Rows {
  readonly length: number;
  private readonly parts: readonly Rows[];
  /** Index of each part's first row, and the number of all rows. */
  private readonly starts: Int32Array;
  /** The part that was asked last. */
  private part = 0;

  constructor(parts: readonly Rows[]) {
    this.parts = parts;
    this.starts = new Int32Array(parts.length + 1);
    for (const [part, { length }] of parts.entries()) this.starts[part + 1] = (this.starts[part] as number) + length;
    this.length = this.starts[parts.length] as number;
  }

  at(index: number): Row | undefined {
    return this.find(index)?.at(index - this.start);
  }

  packed(index: number): PackedRow | null {
    return this.find(index)?.packed?.(index - this.start) ?? null;
  }

  key(index: number): Row | null {
    return this.find(index)?.key?.(index - this.start) ?? null;
  }

  private get start(): number {
    return this.starts[this.part] as number;
  }

  /** Rows are mostly asked for one after the other: the part is the one of the last time, or the next. */
  private find(index: number): Rows | undefined {
    if (index < 0 || index >= this.length) return undefined;
    while (index >= (this.starts[this.part + 1] as number) && index < (this.starts[this.part + 2] ?? 0)) this.part += 1;
    if (index < this.start || index >= (this.starts[this.part + 1] as number)) this.part = this.search(index);
    return this.parts[this.part];
  }

  private search(index: number): number {
    let low = 0;
    let high = this.parts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] as number) <= index) low = middle;
      else high = middle;
    }
    return low;
  }

  slice(from: number, to = this.length): Rows {
    const parts: Rows[] = [];
    let start = 0;
    for (const part of this.parts) {
      const end = start + part.length;
      if (end > from && start < to)
        parts.push(part.slice(Math.max(0, from - start), Math.min(part.length, to - start)));
      start = end;
    }
    return new Joined(parts);
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (const part of this.parts) yield* part;
  }
}
