import { KAFKA_SETTINGS } from './kafka-settings.ts';
import {
  choice,
  duration,
  flag,
  integer,
  type Kind,
  name,
  schemaMapping,
  secretText,
  size,
  tables,
  text,
} from './kinds.ts';
import { OPERATION_SETTINGS } from './operation-settings.ts';
import { SCHEMA_SETTINGS } from './schema-settings.ts';
import { type Setting, setting } from './setting.ts';
import { VALUE_SETTINGS } from './value-settings.ts';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** Names that are taken over from PostgreSQL's own limits: NAMEDATALEN − 1 bytes. */
const SLOT = name(/^[a-z0-9_]{1,63}$/, 'may have at most 63 lower-case letters, digits and underscores');
const PUBLICATION = name(/^(?=[\s\S]{1,63}$)[^\0]+$/, 'may have at most 63 characters');

/**
 * Every setting, once. The key is its name in `pg2any.yaml` and in `defineConfig`; docs/configuration.md is generated
 * from this table.
 */
export const SETTINGS = {
  'source.url': setting({
    kind: secretText,
    env: ['CDC_SOURCE_URL', 'CDC_SOURCE_CONNECTION_STRING'],
    fallback: null,
    secret: true,
    doc: 'PostgreSQL to read from, such as `postgres://user:password@host:5432/database?sslmode=require`. Special characters in the password are percent-encoded. A Unix socket is `postgres://user@/database?host=/var/run/postgresql`.',
  }),
  'source.host': setting({
    kind: text,
    env: ['CDC_SOURCE_HOST'],
    fallback: null,
    doc: 'Instead of the URL: host name, address, or the folder of a Unix socket.',
  }),
  'source.port': setting({
    kind: integer(1, 65535),
    env: ['CDC_SOURCE_PORT'],
    fallback: null,
    fallbackText: '5432',
    doc: 'Instead of the URL: port.',
  }),
  'source.database': setting({
    kind: text,
    env: ['CDC_SOURCE_DB', 'CDC_SOURCE_DATABASE'],
    fallback: null,
    doc: 'Instead of the URL: database.',
  }),
  'source.user': setting({
    kind: text,
    env: ['CDC_SOURCE_USER'],
    fallback: null,
    doc: 'Instead of the URL: role. It needs REPLICATION and SELECT on the tables.',
  }),
  'source.password': setting({
    kind: secretText,
    env: ['CDC_SOURCE_PASSWORD'],
    fallback: null,
    secret: true,
    doc: 'Password, written as it is: nothing is encoded here. Also completes a URL that has none.',
  }),
  'source.sslMode': setting({
    kind: choice(SSL_MODES),
    env: ['CDC_SOURCE_SSLMODE'],
    fallback: null,
    fallbackText: 'prefer',
    doc: 'TLS as in libpq. Also `?sslmode=` in the URL.',
  }),
  'source.sslRootCert': setting({
    kind: text,
    env: ['CDC_SOURCE_SSLROOTCERT'],
    fallback: null,
    doc: 'PEM file with the certificate authorities to trust, or `system` for the usual ones. Also `?sslrootcert=` in the URL.',
  }),
  'destination.type': setting({
    kind: text,
    env: ['CDC_DEST_TYPE'],
    fallback: null,
    fallbackText: 'by the scheme of the URL',
    doc: 'Kind of destination, in any case.',
  }),
  'destination.url': setting({
    kind: secretText,
    env: ['CDC_DEST_URL', 'CDC_DEST_URI'],
    fallback: null,
    secret: true,
    doc: 'Where the copy goes, such as `mysql://user:password@host:3306/database` or `sqlite:./shop.sqlite`.',
  }),
  'destination.host': setting({
    kind: text,
    env: ['CDC_DEST_HOST'],
    fallback: null,
    doc: 'Instead of the URL: host.',
  }),
  'destination.port': setting({
    kind: integer(1, 65535),
    env: ['CDC_DEST_PORT'],
    fallback: null,
    fallbackText: 'the usual one of the kind',
    doc: 'Instead of the URL: port.',
  }),
  'destination.database': setting({
    kind: text,
    env: ['CDC_DEST_DB', 'CDC_DEST_DATABASE'],
    fallback: null,
    doc: 'Instead of the URL: database; for SQLite the file.',
  }),
  'destination.user': setting({
    kind: text,
    env: ['CDC_DEST_USER'],
    fallback: null,
    doc: 'Instead of the URL: user.',
  }),
  'destination.password': setting({
    kind: secretText,
    env: ['CDC_DEST_PASSWORD'],
    fallback: null,
    secret: true,
    doc: 'Password, written as it is. Also completes a URL that has none.',
  }),
  slot: setting({
    kind: SLOT,
    env: ['CDC_REPLICATION_SLOT'],
    flag: 'slot',
    fallback: null,
    fallbackText: '`pg2any_` and the source database',
    doc: 'Replication slot. Created when it does not exist. One slot is one pipeline.',
  }),
  publication: setting({
    kind: PUBLICATION,
    env: ['CDC_PUBLICATION'],
    flag: 'publication',
    fallback: null,
    fallbackText: '`pg2any_` and the source database',
    doc: 'Publication. Created when it does not exist, adopted otherwise, with its row filters and column lists.',
  }),
  tables: setting({
    kind: tables,
    env: ['CDC_TABLES'],
    fallback: null,
    fallbackText: 'every table outside the system schemas',
    doc: 'Tables as `schema.table`, separated by commas (a list in YAML), spelled as in the catalog; without a schema it is `public`. SQL double quotes where a name holds a dot or comma.',
  }),
  schemaMapping: setting({
    kind: schemaMapping,
    env: ['CDC_SCHEMA_MAPPING'],
    fallback: null,
    fallbackText: '`public` to the destination database itself, others by their own name',
    doc: 'Source schema to destination schema: `public:shop_copy,sales:sales_copy` (a mapping in YAML).',
  }),
  autoCreateTables: setting({
    kind: flag,
    env: ['CDC_AUTO_CREATE_TABLES'],
    fallback: 'true',
    doc: 'Create missing tables at the destination and add columns that appear at the source.',
  }),
  snapshot: setting({
    kind: choice(['initial', 'never', 'only']),
    env: ['CDC_SNAPSHOT'],
    flag: 'snapshot',
    fallback: 'initial',
    doc: '`initial` copies the tables, then streams; `never` only streams; `only` stops after the copy.',
  }),
  ...SCHEMA_SETTINGS,
  ...VALUE_SETTINGS,
  failover: setting({
    kind: flag,
    env: ['CDC_FAILOVER'],
    fallback: 'false',
    doc: 'Ask for a slot that is synchronised to standbys (PostgreSQL 17 and later).',
  }),
  origin: setting({
    kind: choice(['any', 'none']),
    env: ['CDC_ORIGIN'],
    fallback: 'any',
    doc: '`none` leaves out what the source itself got by replication (changes with a replication origin), so that two databases that copy to each other do not send everything in circles. PostgreSQL 16 and later; the initial copy has all rows.',
  }),
  protocolVersion: setting({
    kind: integer(1, 4),
    env: ['CDC_PROTOCOL_VERSION'],
    fallback: '1',
    doc: 'Highest pgoutput protocol version to ask for; the server may allow less.',
  }),
  binaryFormat: setting({
    kind: flag,
    env: ['CDC_BINARY_FORMAT'],
    fallback: 'false',
    doc: 'Accepted for compatibility. Values always travel as text, which is lossless and not slower.',
  }),
  streaming: setting({
    kind: flag,
    env: ['CDC_STREAMING'],
    fallback: 'false',
    doc: 'Streaming of transactions that are still in progress is not there yet; `true` runs with it off and says so.',
  }),
  'batch.rows': setting({
    kind: integer(1, 1_000_000),
    env: ['CDC_BATCH_SIZE', 'CDC_BATCH_ROWS'],
    fallback: '10000',
    doc: 'Row changes that are gathered while the destination is busy, before the source has to wait.',
  }),
  'batch.bytes': setting({
    kind: size(1 << 16, 1 << 30),
    env: ['CDC_BATCH_BYTES'],
    fallback: '8MB',
    doc: 'The same limit in bytes: it bounds the memory.',
  }),
  connectionTimeout: setting({
    kind: duration(100, 3_600_000),
    env: ['CDC_CONNECTION_TIMEOUT'],
    fallback: '15s',
    doc: 'How long a connection may take to open, on either side. A bare number is seconds.',
  }),
  queryTimeout: setting({
    kind: duration(100, 86_400_000),
    env: ['CDC_QUERY_TIMEOUT'],
    fallback: '5m',
    doc: 'How long one statement at the destination may take. The initial copy and the stream have no such limit.',
  }),
  startupTimeout: setting({
    kind: duration(0, 86_400_000),
    env: ['CDC_STARTUP_TIMEOUT'],
    fallback: '30s',
    doc: 'How long the first connections are tried before giving up. Once both servers were reached, retries never end.',
  }),
  heartbeatInterval: setting({
    kind: duration(100, 600_000),
    env: ['CDC_HEARTBEAT_INTERVAL'],
    fallback: '10s',
    doc: 'How often the source is told how far the destination is, while nothing happens.',
  }),
  senderTimeout: setting({
    kind: duration(1000, 3_600_000),
    env: ['CDC_SENDER_TIMEOUT'],
    fallback: '30s',
    doc: '`wal_sender_timeout` of our session. The connection is given up after twice this time without a sign of life.',
  }),
  maxStall: setting({
    kind: duration(1000, 3_600_000),
    env: ['CDC_MAX_STALL'],
    fallback: '30s',
    doc: 'How long the stream may stand still because the destination takes nothing, before the connection is given up (the slot stays).',
  }),
  slotTimeout: setting({
    kind: duration(1000, 86_400_000),
    env: ['CDC_SLOT_TIMEOUT'],
    fallback: '60s',
    doc: 'How long creating the slot may wait for transactions that are open at the source.',
  }),
  ...OPERATION_SETTINGS,
  ...KAFKA_SETTINGS,
} as const satisfies Record<string, Setting>;

export type Key = keyof typeof SETTINGS;

type OutOf<K extends Key> = (typeof SETTINGS)[K]['kind'] extends Kind<infer T, infer _> ? T : never;
type InOf<K extends Key> = (typeof SETTINGS)[K]['kind'] extends Kind<infer _, infer T> ? T : never;

/** Checked values by key; absent where neither given nor defaulted. */
export type Values = { readonly [K in Key]?: OutOf<K> };

type Group = 'source' | 'destination' | 'types' | 'batch' | 'kafka';
type Flat = Exclude<Key, `${Group}.${string}`>;
type Single<Name extends string> = Name extends `${string}.${string}` ? never : Name;
type GroupsIn<G extends string, K = Key> = K extends `${G}.${infer Name}.${string}` ? Name : never;
type Within<G extends string> = {
  readonly [K in Key as K extends `${G}.${infer Name}` ? Single<Name> : never]?: InOf<K>;
} & { readonly [Name in GroupsIn<G>]?: Within<`${G}.${Name}`> };

/** What `defineConfig` takes: the keys of `pg2any.yaml`, typed. */
export type ConfigInput = { readonly [K in Flat]?: InOf<K> } & { readonly [G in Group]?: Within<G> };

export const KEYS = Object.keys(SETTINGS) as Key[];

/** The same table without the types of single settings. */
export const settingOf = (key: Key): Setting => SETTINGS[key] as Setting;
