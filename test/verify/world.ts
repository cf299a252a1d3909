import type { TableReader } from '../../src/model/destination.ts';
import { type Lsn, lsn } from '../../src/model/lsn.ts';
import type { Column, Relation, RowIdentity } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import type { Clock, VerifyDestination, VerifySource } from '../../src/verify/ports.ts';

const column = (name: string, attnum: number): Column => ({
  name,
  attnum,
  notNull: attnum === 1,
  type: { oid: 25, schema: 'pg_catalog', name: 'text', kind: 'base', typmod: -1, display: 'text' },
});

export function relation(identity: RowIdentity, names: readonly string[] = ['id', 'name', 'note']): Relation {
  return {
    oid: 1,
    schema: 'public',
    name: 'things',
    target: { schema: null, name: 'things' },
    replicaIdentity: identity === 'key' ? 'default' : 'full',
    columns: names.map((name, i) => column(name, i + 1)),
    identity,
    key: identity === 'key' ? [0] : identity === 'row' ? names.map((_, i) => i) : [],
  };
}

/** Deterministic numbers in [0, 1). */
export function randomBy(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const equal = (a: Row, b: Row): boolean => a.every((value, i) => value === b[i]);

export class Table {
  rows: Row[];
  constructor(rows: readonly Row[]) {
    this.rows = [...rows];
  }

  remove(row: Row): void {
    const at = this.rows.findIndex((other) => equal(other, row));
    if (at >= 0) this.rows.splice(at, 1);
  }

  put(row: Row): void {
    this.rows.push(row);
  }
}

interface Commit {
  readonly end: Lsn;
  readonly remove: Row | null;
  readonly put: Row | null;
}

/**
 * A source, a destination and the replication between them, in memory. `tick` runs at every point where verify waits,
 * which is where the world may change under it.
 */
export class World implements VerifySource, VerifyDestination {
  readonly relation: Relation;
  readonly here: Table;
  readonly there: Table;
  readonly log: Commit[] = [];
  /** Readings of whole tables. */
  readonly scans = { source: 0, destination: 0 };
  applied = 0;
  time = 0;
  largestFind = 0;
  tick: () => void = () => undefined;
  private wal = 1000n;
  private readonly chunk = 7;

  constructor(identity: RowIdentity, source: readonly Row[], destination: readonly Row[] = source) {
    this.relation = relation(identity);
    this.here = new Table(source);
    this.there = new Table(destination);
  }

  readonly clock: Clock = {
    now: () => this.time,
    sleep: async (ms) => {
      this.time += ms;
      this.tick();
    },
  };

  change(remove: Row | null, put: Row | null): void {
    if (remove) this.here.remove(remove);
    if (put) this.here.put(put);
    this.wal += 8n;
    this.log.push({ end: lsn(this.wal), remove, put });
  }

  /** Applies the next commits, as a replicator would. */
  replicate(commits = Number.POSITIVE_INFINITY): void {
    for (let i = 0; i < commits && this.applied < this.log.length; i++) {
      const commit = this.log[this.applied++];
      if (commit?.remove) this.there.remove(commit.remove);
      if (commit?.put) this.there.put(commit.put);
    }
  }

  async position(): Promise<Lsn> {
    this.tick();
    return lsn(this.wal);
  }

  async flushed(): Promise<Lsn> {
    this.tick();
    return this.log[this.applied - 1]?.end ?? lsn(1000n);
  }

  async *rows(): AsyncIterable<readonly Row[]> {
    this.scans.source++;
    yield* this.chunks(this.here);
  }

  async find(_: Relation, key: Row): Promise<Row | null> {
    this.tick();
    return this.here.rows.find((row) => row[0] === key[0]) ?? null;
  }

  /** Canonical text: upper case, so that what is not passed through `expect` would differ. */
  reader(): TableReader {
    const canonical = (row: Row): Row => row.map((value) => (typeof value === 'string' ? value.toUpperCase() : value));
    const scan = async function* (this: World) {
      this.scans.destination++;
      for await (const rows of this.chunks(this.there)) yield rows.map(canonical);
    };
    return {
      expect: canonical,
      scan: () => scan.call(this),
      find: async (key) => {
        this.tick();
        const row = this.there.rows.find((other) => other[0] === key[0]);
        return row ? canonical(row) : null;
      },
    };
  }

  private async *chunks(table: Table): AsyncIterable<readonly Row[]> {
    const snapshot = [...table.rows];
    for (let i = 0; i < snapshot.length; i += this.chunk) {
      this.tick();
      yield snapshot.slice(i, i + this.chunk);
    }
  }
}

export const things = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => [String(i), `name ${i}`, i % 5 === 0 ? null : `note ${i % 3}`]);
