import { afterEach, beforeEach } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Checkpoint, StreamIdentity, TableState } from '../../src/model/checkpoint.ts';
import type { Destination, DestinationOptions } from '../../src/model/destination.ts';
import { type Lsn, lsn } from '../../src/model/lsn.ts';
import type { Relation } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import type { Cells, OpenPlace, Place } from './place.ts';
import { rowsOf } from './place.ts';

export const STREAM: StreamIdentity = { slot: 'pg2any_contract', systemId: '7000000000000000001', timeline: 3 };

export const insert = (relation: Relation, after: Row): Change => ({ kind: 'insert', relation, after });
export const remove = (relation: Relation, key: Row): Change => ({ kind: 'delete', relation, key });
export const truncate = (...relations: Relation[]): Change => ({ kind: 'truncate', relations });
export const update = (relation: Relation, key: Row, after: Row): Change => ({ kind: 'update', relation, key, after });

/** One running pipeline: a destination that was claimed, and positions that go forward by themselves. */
export class Pipe {
  readonly destination: Destination;
  readonly #position: { at: bigint };

  constructor(destination: Destination, position: { at: bigint }) {
    this.destination = destination;
    this.#position = position;
  }

  /** Applies whole transactions; gives the position they end at. */
  async apply(changes: readonly Change[], end: Lsn = this.next()): Promise<Lsn> {
    await this.destination.apply({ changes, end, rows: changes.length, transactions: 1, commitTime: null });
    return end;
  }

  /** A piece of a transaction that goes on. */
  async piece(changes: readonly Change[]): Promise<void> {
    await this.destination.apply({ changes, end: null, rows: changes.length, transactions: 0, commitTime: null });
  }

  next(): Lsn {
    this.#position.at += 100n;
    return lsn(this.#position.at);
  }

  async copy(relation: Relation, rows: readonly Row[]): Promise<void> {
    const copy = await this.destination.copy(relation, stateOf(relation));
    if (rows.length > 0) await copy.write(rows);
    await copy.finish();
    await copy.close();
  }
}

export const stateOf = ({ schema, name, oid }: Relation): TableState => ({
  schema,
  name,
  oid,
  state: 'copying',
  snapshot: lsn(50n),
  rows: 0,
});

/** What a test of the contract works with: one place per test, and pipelines that are closed after it. */
export interface Bench {
  readonly place: Place;
  /** A destination that was connected and nothing else. */
  open(options?: Partial<DestinationOptions>): Promise<Destination>;
  /** Another instance of the pipeline: takes the fence, and begins if nobody has. */
  start(options?: Partial<DestinationOptions>): Promise<Pipe>;
  claim(options?: Partial<DestinationOptions>): Promise<{ readonly pipe: Pipe; readonly found: Checkpoint | null }>;
  rows(relation: Relation): Promise<Cells[]>;
}

/** A place of its own for every test, which is gone afterwards. */
export function useBench(openPlace: OpenPlace): Bench {
  let place: Place | null = null;
  let destinations: Destination[] = [];
  let position = { at: 1000n };
  const current = (): Place => {
    if (!place) throw new Error('no place outside a test');
    return place;
  };
  beforeEach(async () => {
    position = { at: 1000n };
    place = await openPlace();
  });
  afterEach(async () => {
    for (const destination of destinations) await destination.close();
    destinations = [];
    await place?.close();
    place = null;
  });
  const open = async (options?: Partial<DestinationOptions>): Promise<Destination> => {
    const destination = await current().open(options);
    destinations.push(destination);
    await destination.connect();
    return destination;
  };
  const claim = async (options?: Partial<DestinationOptions>) => {
    const destination = await open(options);
    const found = await destination.claim(STREAM);
    if (found === null) await destination.begin(lsn(100n));
    return { pipe: new Pipe(destination, position), found };
  };
  return {
    get place() {
      return current();
    },
    open,
    claim,
    start: async (options) => (await claim(options)).pipe,
    rows: (relation) => rowsOf(current(), relation),
  };
}

/** A key and a text for every number below `count`: enough of them take the bulk road. */
export const numbered = (count: number, text: (n: number) => string = (n) => `row ${n}`): [string, string][] =>
  Array.from({ length: count }, (_, n) => [`${n + 1000}`, text(n)]);
