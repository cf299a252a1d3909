import { lsn } from '../../src/model/lsn.ts';
import type { Facts, Plan, PublicationFacts, ServerFacts, SlotRow, TableFacts } from '../../src/preflight/facts.ts';

export const PLAN: Plan = {
  slot: 'pg2any_shop',
  publication: 'pg2any_shop',
  tables: null,
  snapshot: 'initial',
  failover: false,
  origin: 'any',
  applicationName: 'pg2any',
};

export const SERVER: ServerFacts = {
  version: 170004,
  product: '17.4 (Debian)',
  database: 'shop',
  encoding: 'UTF8',
  standby: false,
  walLevel: 'logical',
  maxSlots: 10,
  usedSlots: 0,
  maxSenders: 10,
  usedSenders: 0,
  keepSize: '20GB',
  idleSlotTimeout: null,
  standbyNames: '',
  role: 'repl',
  superuser: false,
  replication: true,
  managedReplication: false,
  createInDatabase: true,
  settings: {
    timezone: 'UTC',
    datestyle: 'ISO, YMD',
    intervalstyle: 'iso_8601',
    extra_float_digits: '3',
    bytea_output: 'hex',
  },
  slot: null,
  retained: null,
};

export const TABLE: TableFacts = {
  schema: 'public',
  name: 'orders',
  kind: 'r',
  persistence: 'p',
  isPartition: false,
  identity: 'd',
  mayRead: true,
  owned: true,
  rowSecurity: false,
  primaryKey: { name: 'orders_pkey', immediate: true },
  identityIndex: null,
  candidateIndex: null,
  generated: [],
  toastable: true,
  bytes: 8192,
};

export const SLOT: SlotRow = {
  plugin: 'pgoutput',
  slot_type: 'logical',
  database: 'shop',
  temporary: false,
  active: false,
  active_pid: null,
  confirmed_flush_lsn: '0/100',
  wal_status: 'reserved',
  safe_wal_size: null,
  invalidation_reason: null,
  failover: false,
};

export const PUBLICATION: PublicationFacts = {
  puballtables: false,
  pubinsert: true,
  pubupdate: true,
  pubdelete: true,
  pubtruncate: true,
  pubviaroot: true,
  owned: true,
  tables: [{ schemaname: 'public', tablename: 'orders', attnames: ['id'], rowfilter: null }],
};

export interface Changes {
  readonly plan?: Partial<Plan>;
  readonly server?: Partial<ServerFacts>;
  readonly publication?: Partial<PublicationFacts> | null;
  readonly tables?: readonly Partial<TableFacts>[];
  readonly transactions?: Facts['transactions'];
  readonly progress?: { readonly checkpoint: bigint | null; readonly position: bigint } | null;
  readonly renamed?: ReadonlyMap<string, string>;
  readonly replicationRefused?: string | null;
}

/** A server on which nothing is wrong, but for these facts. */
export function facts(changes: Changes = {}): Facts {
  const { plan, server, publication = null, tables = [{}], transactions = [], progress = null } = changes;
  const checkpoint = progress?.checkpoint ?? null;
  return {
    plan: { ...PLAN, ...plan },
    server: { ...SERVER, ...server },
    publication: publication && { ...PUBLICATION, ...publication },
    tables: tables.map((table) => ({ ...TABLE, ...table })),
    transactions,
    progress: progress && {
      checkpoint: checkpoint === null ? null : lsn(checkpoint),
      position: lsn(progress.position),
    },
    renamed: changes.renamed ?? new Map(),
    replicationRefused: changes.replicationRefused ?? null,
  };
}
