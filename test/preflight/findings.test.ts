import { expect, test } from 'vitest';
import { findingsOf } from '../../src/preflight/preflight.ts';
import { type Changes, facts, SLOT } from './facts.ts';

const problems = (changes: Changes) =>
  findingsOf(facts(changes))
    .filter((one) => one.severity !== 'ok')
    .map((one) => `${one.severity} ${one.check}: ${one.message}`);

const fixes = (changes: Changes) =>
  findingsOf(facts(changes)).flatMap((one) => (one.severity === 'ok' ? [] : (one.fix?.sql ?? [])));

test('a well prepared server has nothing but good findings', () => {
  expect(problems({})).toEqual([]);
  expect(
    problems({ publication: {}, server: { slot: SLOT }, progress: { checkpoint: 0x100n, position: 0x200n } }),
  ).toEqual([]);
});

test.each<[string, Changes, string]>([
  [
    'an old server',
    { server: { version: 120_000, product: '12.9' } },
    'block server_version: PostgreSQL 12.9 is too old: 13 or later is needed',
  ],
  [
    'a server from the future',
    { server: { version: 190_000, product: '19beta1' } },
    'warn server_version: PostgreSQL 19beta1 is newer',
  ],
  ['SQL_ASCII', { server: { encoding: 'SQL_ASCII' } }, 'warn server_encoding: server_encoding is SQL_ASCII'],
  [
    'a standby before 16',
    { server: { version: 150_000, standby: true } },
    'block standby: the source is a standby, and only',
  ],
  [
    'a standby without publication',
    { server: { standby: true } },
    'block standby: the source is a standby, where no publication',
  ],
  [
    'a standby',
    { server: { standby: true }, publication: {} },
    'warn standby: the source is a standby: creating the slot',
  ],
  ['a role without the right', { server: { replication: false } }, 'block role: role "repl" may not replicate'],
  [
    'a refused replication connection',
    { replicationRefused: 'no pg_hba.conf entry' },
    'block replication_connection: the server refuses a replication connection: no pg_hba.conf entry',
  ],
  ['no free sender', { server: { usedSenders: 10 } }, 'block max_wal_senders: 10 of 10 WAL senders are used'],
  ['one free slot', { server: { usedSlots: 9 } }, 'warn max_replication_slots: 9 of 10 replication slots are used'],
  [
    'slots that time out',
    { server: { idleSlotTimeout: '1d' } },
    'warn idle_replication_slot_timeout: idle_replication_slot_timeout is 1d',
  ],
  [
    'a slot in use',
    { server: { slot: { ...SLOT, active: true, active_pid: 42 } } },
    'warn slot: replication slot pg2any_shop is in use by pid 42',
  ],
  [
    'another plugin',
    { server: { slot: { ...SLOT, plugin: 'wal2json' } } },
    'block slot: replication slot pg2any_shop uses the output plugin wal2json',
  ],
  [
    'an invalidated slot',
    { server: { slot: { ...SLOT, invalidation_reason: 'idle_timeout' } } },
    'block slot: replication slot pg2any_shop was invalidated (idle_timeout)',
  ],
  [
    'a conflicting slot of 16',
    { server: { slot: { ...SLOT, conflicting: true } } },
    'block slot: replication slot pg2any_shop was invalidated (conflict with recovery)',
  ],
  [
    'a slot near its end',
    { server: { retained: 5e9, slot: { ...SLOT, wal_status: 'unreserved', safe_wal_size: 3e6 } } },
    'warn slot_wal: replication slot pg2any_shop is unreserved: it holds back 5,000 MB of WAL; 3 MB of WAL more',
  ],
  [
    'failover before 17',
    { plan: { failover: true }, server: { version: 160_000 } },
    'warn failover: failover slots need PostgreSQL 17',
  ],
  [
    'a slot that is not synchronised',
    { plan: { failover: true }, server: { slot: SLOT } },
    'warn failover: replication slot pg2any_shop exists and is not',
  ],
  ['no table', { tables: [] }, 'block tables: the source has no table to replicate'],
])('%s is found', (_, changes, expected) => {
  const found = problems(changes);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test.each(['*', 'pg2any', 'FIRST 1 (a, pg2any)', 'ANY 2 ("PG2ANY", b)', '2 (b, *)'])(
  'synchronous_standby_names %j matches us',
  (standbyNames) => {
    expect(problems({ server: { standbyNames } })[0]).toContain('warn synchronous_standby_names');
  },
);

test.each(['', 'a, b', 'FIRST 1 (pg2any_2, a)', 'ANY 1 (any, first)'])(
  'synchronous_standby_names %j does not',
  (standbyNames) => {
    expect(problems({ server: { standbyNames } })).toEqual([]);
  },
);

test('a pooler that loses our settings blocks, and is named with what it lost', () => {
  const settings = {
    timezone: 'Europe/Vienna',
    datestyle: 'ISO, MDY',
    intervalstyle: 'iso_8601',
    extra_float_digits: '3',
    bytea_output: 'hex',
  };
  expect(problems({ server: { settings } })).toEqual([
    'block session_settings: the session does not keep our settings (timezone is Europe/Vienna): a connection pooler is in the way',
  ]);
});

test('positions that would lose changes silently block', () => {
  const at = (checkpoint: bigint, position: bigint, slot: typeof SLOT | null = SLOT) =>
    problems({ server: { slot }, progress: { checkpoint, position } })[0];
  expect(at(0x100n, 0x200n)).toBeUndefined();
  expect(at(0x80n, 0x200n)).toContain(
    'block checkpoint: replication slot pg2any_shop was confirmed up to 0/100, beyond',
  );
  expect(at(0x300n, 0x200n)).toContain('block checkpoint: the checkpoint 0/300 lies beyond the end');
  expect(at(0x100n, 0x200n, null)).toContain('is gone: the changes since then are lost');
});

test('long open transactions are named, with what they cost and the statement that ends them', () => {
  const transactions = [
    { pid: 7, user: 'app', application: 'psql', gid: null, seconds: 3600 },
    { pid: null, user: 'app', application: '', gid: "it's", seconds: 90 },
    { pid: 8, user: 'app', application: '', gid: null, seconds: 5 },
  ];
  expect(problems({ transactions })).toEqual([
    'warn open_transactions: pid 7 (app, psql) has a transaction open since 3600 s: creating the slot waits for it',
    `warn open_transactions: prepared transaction "it's" has a transaction open since 90 s: creating the slot waits for it`,
  ]);
  expect(fixes({ transactions })).toEqual(['SELECT pg_catalog.pg_terminate_backend(7);', "ROLLBACK PREPARED 'it''s';"]);
  expect(problems({ transactions, server: { slot: SLOT, retained: 123e6 } })).toEqual([
    'warn open_transactions: pid 7 (app, psql) has a transaction open since 3600 s: the slot keeps all WAL since then, 123 MB by now',
  ]);
});

test('what replicated changes would be left out by is not asked of a server that cannot', () => {
  const plan = { origin: 'none' } as const;
  expect(problems({ plan })).toEqual([]);
  expect(problems({ plan, server: { version: 150_000 } })).toEqual([
    'block origin: leaving out what the source got by replication needs PostgreSQL 16',
  ]);
});

test('a big table is named before its copy, with what the copy costs the source', () => {
  const tables = [{ bytes: 31e9 }];
  const wanted =
    'warn big_table: public.orders has 31 GB: its copy takes a while, and the slot keeps all WAL that is written meanwhile';
  expect(problems({ tables })).toEqual([wanted]);
  expect(problems({ tables, server: { slot: SLOT } })).toEqual([]);
  expect(problems({ tables, plan: { snapshot: 'never' } })).toEqual([]);
});

test('an insert-only publication does not need a replica identity', () => {
  const tables = [{ primaryKey: null }];
  expect(problems({ tables })[0]).toContain('block replica_identity');
  const operations = { pubupdate: false, pubdelete: false };
  expect(problems({ tables, publication: operations }).join()).not.toContain('replica_identity');
});

test('without an initial copy the right to read is not asked for', () => {
  const tables = [{ mayRead: false, rowSecurity: true }];
  expect(problems({ tables, plan: { snapshot: 'never' } })).toEqual([]);
  expect(problems({ tables })).toHaveLength(2);
});

test('whole rows with unpublished generated columns break updates from 18 on, and publishing them mends it', () => {
  const tables = [{ identity: 'f', generated: [{ name: 'g', virtual: false }] }];
  const publication = { pubgencols: 'n' };
  expect(problems({ tables, publication })[0]).toContain('warn generated_columns');
  expect(problems({ tables, publication, server: { version: 180_000 } })[0]).toContain('block generated_columns');
  expect(fixes({ tables, publication, server: { version: 180_000 } })).toEqual([
    'ALTER PUBLICATION "pg2any_shop" SET (publish_generated_columns = stored);',
  ]);
  const virtual = [{ identity: 'f', generated: [{ name: 'g', virtual: true }] }];
  expect(fixes({ tables: virtual, publication, server: { version: 180_000 } })).toEqual([]);
});

test('a row filter on a table with large columns is told', () => {
  const published = [{ schemaname: 'public', tablename: 'orders', rowfilter: '(id > 5)' }];
  expect(problems({ publication: { tables: published } })[0]).toContain('warn row_filter');
  expect(problems({ publication: { tables: published }, tables: [{ toastable: false }] })).toEqual([]);
});

test('names in fixes are quoted', () => {
  const tables = [{ schema: 'Sales "x"', name: 'Order, old', primaryKey: null }];
  expect(fixes({ tables })).toEqual(['ALTER TABLE "Sales ""x"""."Order, old" REPLICA IDENTITY FULL;']);
});
