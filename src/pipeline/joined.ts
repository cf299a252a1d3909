import type { PackedRow, Row, Rows } from '../model/value.ts';

/** Rows one after the other, without touching any of them. */
export function joined(parts: readonly Rows[]): Rows {
  return new Joined(parts);
}

class Joined implements Rows {
  readonly length: number;
  private readonly parts: readonly Rows[];
  /** The part that was asked last, and the index of its first row. */
  private part = 0;
  private start = 0;

  constructor(parts: readonly Rows[]) {
    this.parts = parts;
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
  }

  at(index: number): Row | undefined {
    return this.find(index)?.at(index - this.start);
  }

  packed(index: number): PackedRow | null {
    return this.find(index)?.packed?.(index - this.start) ?? null;
  }

  /** Rows are asked for one after the other: the part is mostly the one of the last time, or the next. */
  private find(index: number): Rows | undefined {
    if (index < this.start) this.part = this.start = 0;
    for (let part = this.parts[this.part]; part; part = this.parts[this.part]) {
      if (index - this.start < part.length) return part;
      this.start += part.length;
      this.part += 1;
    }
    this.part = this.start = 0;
    return undefined;
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
