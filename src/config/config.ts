import type { DestinationOptions } from '../model/destination.ts';
import type { ValueRules } from '../model/mapping.ts';
import type { SchemaRules } from '../model/schema-rules.ts';
import type { SourceOptions, StreamOptions } from '../model/source.ts';
import type { Address } from './address.ts';

/** How a replicator that nobody watches can be looked at. */
export interface Operation {
  /** Where it answers over HTTP; null where it does not. */
  readonly http: Address | null;
  /** Lag above which it is not ready. */
  readonly readyLagMs: number;
  readonly logFormat: 'text' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** A configured destination. `label` and `display` are for people; `display` holds no secret. */
export interface DestinationConfig extends DestinationOptions {
  /** Registry name: `mysql`, `sqlite`, … */
  readonly type: string;
  readonly label: string;
  readonly display: string;
  /** Takes every change beside it. */
  readonly mirror?: DestinationConfig;
}

/** Everything the program was told, checked. Immutable. It is also the `StreamOptions` of the source. */
export interface Config extends StreamOptions {
  readonly source: SourceOptions;
  readonly destination: DestinationConfig;
  /** Source schema to destination schema; schemas that are not named keep the default. */
  readonly schemaMapping: ReadonlyMap<string, string>;
  readonly autoCreateTables: boolean;
  readonly schema: SchemaRules;
  /** How values are mapped. */
  readonly rules: ValueRules;
  /** `never`: stream only; `only`: stop after the initial copy. */
  readonly snapshot: 'initial' | 'never' | 'only';
  readonly batch: { readonly rows: number; readonly bytes: number };
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
  /** How long the first connections are tried before giving up. */
  readonly startupMs: number;
  readonly operation: Operation;
  /** What was asked for and does not happen as asked, one sentence each. */
  readonly notes: readonly string[];
}

/** As `Config`, for commands that only need the source. */
export interface SourceConfig extends Omit<Config, 'destination'> {
  readonly destination: DestinationConfig | null;
}

/** `postgres://user@host:5432/database`, without the password. */
export function describeSource(source: SourceOptions): string {
  const socket = source.host.startsWith('/');
  const host = socket ? '' : `${source.host.includes(':') ? `[${source.host}]` : source.host}:${source.port}`;
  const query = socket ? `?host=${source.host}` : '';
  return `postgres://${encodeURIComponent(source.user)}@${host}/${encodeURIComponent(source.database)}${query}`;
}
