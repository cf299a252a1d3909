import type { Lsn } from '../../../model/lsn.ts';
import type { EventOptions } from '../options.ts';
import { long, type Native } from './native.ts';
import { type ConnectSchema, field, named, plain, struct } from './schema.ts';
import type { TransactionCounts } from './transaction-counts.ts';

/** Where in the stream an event stands. */
export interface Position {
  /** Null for rows of the initial copy. */
  readonly xid: number | null;
  /** Start of the commit record; for copied rows the position of the snapshot. */
  readonly lsn: Lsn;
  /** The commit before; null where it is not known. */
  readonly previous: Lsn | null;
  /** Of the commit, ms since the epoch, with a fraction. */
  readonly time: number;
  /** Null where the envelope says nothing of the transaction. */
  readonly counts: TransactionCounts | null;
}

const SNAPSHOT_STATES = 'true,first,first_in_data_collection,last_in_data_collection,last,false,incremental';

const optional = (name: string, type: ConnectSchema['type']): ConnectSchema => field(name, plain(type), true);

const snapshotState: ConnectSchema = {
  ...named('string', 'io.debezium.data.Enum', { allowed: SNAPSHOT_STATES }),
  default: 'false',
};

/** What Debezium's PostgreSQL connector says of where an event comes from. */
export const SOURCE_SCHEMA: ConnectSchema = struct(
  [
    ...['version', 'connector', 'name'].map((name) => field(name, plain('string'))),
    field('ts_ms', plain('int64')),
    field('snapshot', snapshotState, true),
    field('db', plain('string')),
    optional('sequence', 'string'),
    optional('ts_us', 'int64'),
    optional('ts_ns', 'int64'),
    field('schema', plain('string')),
    field('table', plain('string')),
    ...['txId', 'lsn', 'xmin'].map((name) => optional(name, 'int64')),
  ],
  'io.debezium.connector.postgresql.Source',
);

/** pg2any's own version of the event format, in the place of Debezium's. */
const VERSION = 'pg2any-1';

/** Debezium writes times three times. PostgreSQL knows them to the microsecond, and so they are fractions. */
export function times(ms: number): string {
  const micros = Math.round(ms * 1000);
  return `"ts_ms":${Math.floor(micros / 1000)},"ts_us":${micros},"ts_ns":${micros === 0 ? 0 : `${micros}000`}`;
}

/** JSON of the block for events of one table; empty names for what belongs to none. */
export function sourceBlock(
  { prefix, database }: Pick<EventOptions, 'prefix' | 'database'>,
  schema: string,
  table: string,
): (at: Position) => string {
  const q = JSON.stringify;
  const head = `{"version":${q(VERSION)},"connector":"postgresql","name":${q(prefix)},`;
  const tail = `"schema":${q(schema)},"table":${q(table)},`;
  return ({ xid, lsn, previous, time }) => {
    const sequence = q(q([previous === null ? null : String(previous), String(lsn)]));
    const snapshot = xid === null ? 'true' : 'false';
    const where = `"snapshot":"${snapshot}","db":${q(database)},"sequence":${sequence},`;
    return `${head}${times(time)},${where}${tail}"txId":${xid},"lsn":${lsn},"xmin":null}`;
  };
}

/** `times` for encodings that are not text. */
export function nativeTimes(ms: number): Readonly<Record<'ts_ms' | 'ts_us' | 'ts_ns', number | bigint>> {
  const micros = Math.round(ms * 1000);
  return { ts_ms: Math.floor(micros / 1000), ts_us: micros, ts_ns: BigInt(micros) * 1000n };
}

/** `sourceBlock` for encodings that are not text. What belongs to the same commit is made once. */
export function nativeSource(
  { prefix, database }: Pick<EventOptions, 'prefix' | 'database'>,
  schema: string,
  table: string,
): (at: Position) => Native {
  let last: Position | null = null;
  let made: Native = null;
  return (at) => {
    if (at === last) return made;
    const { xid, lsn, previous, time } = at;
    last = at;
    made = {
      ...{ version: VERSION, connector: 'postgresql', name: prefix },
      ...nativeTimes(time),
      ...{ snapshot: xid === null ? 'true' : 'false', db: database },
      sequence: JSON.stringify([previous === null ? null : String(previous), String(lsn)]),
      ...{ schema, table, txId: xid, lsn: long(String(lsn)), xmin: null },
    };
    return made;
  };
}
