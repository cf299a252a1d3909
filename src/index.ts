/**
 * pg2any as a library.
 *
 * ```ts
 * import { defineConfig, replicate } from 'pg2any';
 *
 * const config = defineConfig({
 *   source: { url: 'postgres://user:password@db:5432/shop' },
 *   destination: { url: 'mysql://user:password@replica:3306/shop' },
 * });
 * const stop = new AbortController();
 * await replicate(config, { signal: stop.signal, onEvent: (event) => console.log(event.message) });
 * ```
 */
export type { Config } from './config/config.ts';
export { defineConfig } from './config/define.ts';
export type { ConfigInput } from './config/settings.ts';
export type { Batch } from './model/batch.ts';
export type { Change, SourceEvent } from './model/change.ts';
export type { Checkpoint, StreamIdentity, TableState } from './model/checkpoint.ts';
export type {
  ColumnMapping,
  Destination,
  DestinationDriver,
  DestinationOptions,
  LostValues,
  Prepared,
  Preview,
  ServerInfo,
  TableCopy,
  TableReader,
} from './model/destination.ts';
export { Pg2anyError } from './model/error.ts';
export { type Code, ERROR_CODES, type ErrorCode } from './model/error-codes.ts';
export type { LogEvent } from './model/event.ts';
export type { Finding, Fix } from './model/finding.ts';
export { formatLsn, type Lsn, parseLsn } from './model/lsn.ts';
export type {
  ColumnOverride,
  Policies,
  Policy,
  ProblemClass,
  TypeOptions,
  ValueRules,
} from './model/mapping.ts';
export type { Column, PgType, Relation } from './model/relation.ts';
export type { Snapshot, Source, SourceTable, Stream } from './model/source.ts';
export { type Row, UNCHANGED, type Value } from './model/value.ts';
export { Gate } from './pipeline/gate.ts';
export { type ReplicateOptions, replicate } from './replicate.ts';
export type { Observer } from './replication.ts';
export type { Status, TableStatus } from './status/status.ts';
