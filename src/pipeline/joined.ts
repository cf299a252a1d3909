import type { Row, Rows } from '../model/value.ts';

/** Rows one after the other, without touching any of them. */
export function joined(parts: readonly Rows[]): Rows {
  return new Joined(parts);
}

class Joined implements Rows {
  readonly length: number;
  private readonly parts: readonly Rows[];

  constructor(parts: readonly Rows[]) {
    this.parts = parts;
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
  }

  at(index: number): Row | undefined {
    let left = index;
    for (const part of this.parts) {
      if (left < part.length) return part.at(left);
      left -= part.length;
    }
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
