import { showAddress } from '../config/address.ts';
import { describeSource, type SourceConfig } from '../config/config.ts';
import type { Origin } from '../config/given.ts';
import { showMs, showSize } from '../config/kinds.ts';
import { type Key, SETTINGS } from '../config/settings.ts';
import { type Policies, TYPE_CHOICES, type TypeOption, type ValueRules } from '../model/mapping.ts';

export interface ShownSetting {
  readonly name: string;
  readonly value: string | number | boolean | readonly string[] | Readonly<Record<string, string>> | null;
  readonly origin: string;
}

const MASK = '***';

/** Name, the settings that it may come from (the first is its own), and what it came to. */
type Row = readonly [name: string, keys: readonly [Key, ...Key[]], show: Show];

type Show = (config: SourceConfig) => ShownSetting['value'];

const shownPolicies = (policies: Partial<Policies>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(policies.classes ?? []),
  ...(policies.default === undefined ? {} : { default: policies.default }),
});

const shownColumns = (columns: ValueRules['columns']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...columns].map(([name, { policies, ...options }]) => {
      const shown = { ...options, ...(policies ? { policy: shownPolicies(policies) } : {}) };
      return [name, JSON.stringify(shown)];
    }),
  );

/** What each setting came to, in the order in which one thinks of them. Passwords are never part of it. */
const SHOWN: readonly Row[] = [
  [
    'source',
    ['source.url', 'source.host', 'source.port', 'source.database', 'source.user'],
    (c) => describeSource(c.source),
  ],
  ['source.password', ['source.password', 'source.url'], (c) => (c.source.password === null ? null : MASK)],
  ['source.sslMode', ['source.sslMode', 'source.url'], (c) => c.source.sslMode],
  ['source.sslRootCert', ['source.sslRootCert', 'source.url'], (c) => c.source.sslRootCert],
  [
    'destination',
    ['destination.url', 'destination.host', 'destination.database'],
    (c) => c.destination?.display ?? null,
  ],
  ['destination.type', ['destination.type', 'destination.url'], (c) => c.destination?.type ?? null],
  [
    'destination.password',
    ['destination.password', 'destination.url'],
    (c) => (c.destination?.url.password ? MASK : null),
  ],
  ['slot', ['slot'], (c) => c.slot],
  ['publication', ['publication'], (c) => c.publication],
  ['tables', ['tables'], (c) => c.tables ?? 'every table'],
  ['schemaMapping', ['schemaMapping'], (c) => Object.fromEntries(c.schemaMapping)],
  ['autoCreateTables', ['autoCreateTables'], (c) => c.autoCreateTables],
  ['snapshot', ['snapshot'], (c) => c.snapshot],
  ['schemaChanges', ['schemaChanges'], (c) => c.schema.changes],
  ['droppedColumns', ['droppedColumns'], (c) => c.schema.droppedColumns],
  ['recreatedTables', ['recreatedTables'], (c) => c.schema.recreatedTables],
  ...(Object.keys(TYPE_CHOICES) as TypeOption[]).map(
    (option): Row => [`types.${option}`, [`types.${option}`], (c) => c.rules.types[option]],
  ),
  ['policies', ['policies'], (c) => shownPolicies(c.rules.policies)],
  ['columns', ['columns'], (c) => shownColumns(c.rules.columns)],
  ['failover', ['failover'], (c) => c.failover],
  ['origin', ['origin'], (c) => c.origin],
  ['protocolVersion', ['protocolVersion'], (c) => c.protocolVersion],
  ['batch.rows', ['batch.rows'], (c) => c.batch.rows],
];

/** Settings whose values have another name once they are parsed. */
const PARSED_AS: Readonly<Record<string, string>> = {
  securityProtocol: 'security',
  saslMechanism: 'mechanism',
  topicPrefix: 'prefix',
  sourceDbName: 'database',
  replicationFactor: 'replication',
  cleanupPolicy: 'cleanup',
  batchSize: 'batchBytes',
  transactionTimeout: 'transactionMs',
  'registry.url': 'registry.urls',
};

function kafkaValue(key: Key, kafka: object): ShownSetting['value'] | undefined {
  const name = key.slice('kafka.'.length);
  const path = (PARSED_AS[name] ?? name).split('.');
  const value = path.reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | null)?.[part], kafka);
  // addresses have lost their logins
  if (Array.isArray(value) && value.every((one) => one instanceof URL)) return value.map(String);
  if (SETTINGS[key].secret && value !== null && value !== undefined) return MASK;
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return value instanceof Map ? Object.fromEntries(value) : (value as ShownSetting['value'] | undefined);
}

/** What only Kafka has, where it is the destination or a mirror. */
function kafkaRows({ destination }: SourceConfig): readonly Row[] {
  const kafka = destination?.kafka ?? destination?.mirror?.kafka;
  if (!destination || !kafka) return [];
  const keys = (Object.keys(SETTINGS) as Key[]).filter((key) => key.startsWith('kafka.'));
  const rows = keys.flatMap((key): Row[] => {
    const value = kafkaValue(key, kafka);
    const shown = typeof value === 'number' && SETTINGS[key].kind.name === 'duration' ? showMs(value) : value;
    return shown === undefined ? [] : [[key, [key], () => shown]];
  });
  return [['kafka.url', ['kafka.url'], () => destination.mirror?.display ?? null], ...rows];
}

/** Sizes and durations as one would write them. */
const MEASURES: readonly Row[] = [
  ['http', ['http'], (c) => (c.operation.http ? showAddress(c.operation.http) : null)],
  ['readyLag', ['readyLag'], (c) => showMs(c.operation.readyLagMs)],
  ['logFormat', ['logFormat'], (c) => c.operation.logFormat],
  ['logLevel', ['logLevel'], (c) => c.operation.logLevel],
  ['batch.bytes', ['batch.bytes'], (c) => showSize(c.batch.bytes)],
  ['connectionTimeout', ['connectionTimeout'], (c) => showMs(c.connectTimeoutMs)],
  ['queryTimeout', ['queryTimeout'], (c) => showMs(c.queryTimeoutMs)],
  ['startupTimeout', ['startupTimeout'], (c) => showMs(c.startupMs)],
  ['heartbeatInterval', ['heartbeatInterval'], (c) => showMs(c.heartbeatMs)],
  ['senderTimeout', ['senderTimeout'], (c) => showMs(c.senderTimeoutMs)],
  ['maxStall', ['maxStall'], (c) => showMs(c.maxStallMs)],
  ['slotTimeout', ['slotTimeout'], (c) => showMs(c.slotTimeoutMs)],
];

export function shownSettings(config: SourceConfig, origins: ReadonlyMap<Key, Origin>): readonly ShownSetting[] {
  return [...SHOWN, ...MEASURES, ...kafkaRows(config)].map(([name, keys, show]) => {
    const value = show(config);
    const from =
      value === null || value === 'prefer' ? origins.get(keys[0]) : keys.flatMap((key) => origins.get(key) ?? [])[0];
    return { name, value, origin: from?.text ?? 'default' };
  });
}
