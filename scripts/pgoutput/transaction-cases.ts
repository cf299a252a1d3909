import type { Case } from './case.ts';

/** Enough changes of an unpublished table to make the decoder stream what it holds: they cost no bytes here. */
const FILL = 'INSERT INTO filler SELECT generate_series(1, 1000)';

const TABLES = ['CREATE TABLE t (id integer PRIMARY KEY, note text)', 'CREATE TABLE filler (id integer)'];

const ddl: Case = {
  name: 'ddl',
  setup: ['CREATE TABLE t (id integer PRIMARY KEY, a text)', 'CREATE SCHEMA "Odd.Schema"'],
  publication: 'FOR ALL TABLES',
  async run({ sql }) {
    await sql('BEGIN', "INSERT INTO t VALUES (1, 'x')", 'ALTER TABLE t ADD b numeric(6,2) DEFAULT 1.5');
    await sql("INSERT INTO t VALUES (2, 'y', 2.25)", 'ALTER TABLE t RENAME a TO "ä ""b"""');
    await sql('UPDATE t SET b = 3 WHERE id = 1', 'COMMIT');
    await sql('BEGIN', 'ALTER TABLE t ADD gone integer', "INSERT INTO t VALUES (9, 'gone')", 'ROLLBACK');
    await sql('ALTER TABLE t DROP b', "INSERT INTO t VALUES (3, 'z')");
    await sql('ALTER TABLE t ALTER id TYPE bigint', "INSERT INTO t VALUES (3000000000, 'big')");
    await sql('ALTER TABLE t RENAME TO "T 2"', 'ALTER TABLE "T 2" SET SCHEMA "Odd.Schema"');
    await sql('DELETE FROM "Odd.Schema"."T 2" WHERE id = 3', 'DROP TABLE "Odd.Schema"."T 2"');
    await sql('CREATE TABLE t (id integer PRIMARY KEY)', 'INSERT INTO t VALUES (1)');
  },
};

const messages: Case = {
  name: 'messages',
  since: 14,
  setup: TABLES,
  publication: 'FOR TABLE t',
  async run({ sql }) {
    await sql("SELECT pg_logical_emit_message(false, 'beat', 'alone')");
    await sql('BEGIN', "INSERT INTO t VALUES (1, 'a')");
    await sql("SELECT pg_logical_emit_message(true, 'präfix', '\\x00ff0a'::bytea)", 'COMMIT');
    await sql('BEGIN', "SELECT pg_logical_emit_message(false, 'beat', 'from a rolled back transaction')");
    await sql("SELECT pg_logical_emit_message(true, 'lost', 'never seen')", 'ROLLBACK');
    await sql("SELECT pg_logical_emit_message(true, 'empty', '')");
  },
};

const origin: Case = {
  name: 'origin',
  setup: TABLES,
  publication: 'FOR TABLE t',
  async run({ sql }) {
    await sql("SELECT pg_replication_origin_create('elsewhere ü')");
    await sql("SELECT pg_replication_origin_session_setup('elsewhere ü')", 'BEGIN');
    await sql("SELECT pg_replication_origin_xact_setup('FFFFFFFF/1234ABCD', '2020-02-02 02:02:02.5+00')");
    await sql("INSERT INTO t VALUES (1, 'from elsewhere')", 'COMMIT');
    await sql('SELECT pg_replication_origin_session_reset()', "INSERT INTO t VALUES (2, 'from here')");
    await sql("SELECT pg_replication_origin_drop('elsewhere ü')");
  },
};

const empty: Case = {
  name: 'empty',
  setup: TABLES,
  publication: 'FOR TABLE t',
  run: ({ sql }) => sql('INSERT INTO filler VALUES (1)', "INSERT INTO t VALUES (1, 'a')"),
};

const prepared: Case = {
  name: 'prepared, two_phase off',
  setup: TABLES,
  publication: 'FOR TABLE t',
  run: ({ sql }) => sql('BEGIN', "INSERT INTO t VALUES (1, 'a')", "PREPARE TRANSACTION 'one'", "COMMIT PREPARED 'one'"),
};

const streaming: Case = {
  name: 'streaming',
  since: 14,
  protocol: 2,
  streaming: 'on',
  setup: [
    ...TABLES,
    'CREATE TABLE emptied (id integer PRIMARY KEY)',
    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    'CREATE TABLE moods (id integer PRIMARY KEY, mood mood)',
  ],
  publication: 'FOR TABLE t, emptied, moods',
  async run({ sql, second, third, seen }) {
    await sql('BEGIN', "INSERT INTO t VALUES (1, 'one')", FILL);
    await seen('S', 1);
    await second('BEGIN', "INSERT INTO t VALUES (101, 'aborted')", FILL);
    await seen('S', 2);
    await third("INSERT INTO t VALUES (201, 'small')");
    await sql('SAVEPOINT s', "INSERT INTO t VALUES (2, 'rolled back')", FILL, 'ROLLBACK TO s');
    await second('ROLLBACK');
    await sql("INSERT INTO t VALUES (3, 'three')", "UPDATE t SET note = 'uno', id = 11 WHERE id = 1", FILL);
    await sql('ALTER TABLE t ADD extra integer DEFAULT 7', "INSERT INTO t VALUES (4, 'four', 8)");
    await sql('TRUNCATE emptied', "SELECT pg_logical_emit_message(true, 'note', 'in a stream')", FILL);
    await sql("INSERT INTO moods VALUES (1, 'ok')", 'DELETE FROM t WHERE id = 3', 'COMMIT');
    await seen('c', 1);
    await sql("INSERT INTO t VALUES (5, 'after', 9)");
  },
};

const twoPhase: Case = {
  name: 'two-phase',
  since: 15,
  protocol: 3,
  streaming: 'on',
  twoPhase: true,
  setup: TABLES,
  publication: 'FOR TABLE t',
  async run({ sql, seen }) {
    await sql('BEGIN', "INSERT INTO t VALUES (1, 'kept')", "PREPARE TRANSACTION 'gid one'");
    await sql("COMMIT PREPARED 'gid one'", 'BEGIN', "INSERT INTO t VALUES (2, 'dropped')");
    await sql("PREPARE TRANSACTION 'gid zwei ü'");
    await seen('P', 2);
    await sql("ROLLBACK PREPARED 'gid zwei ü'", 'BEGIN', "INSERT INTO t VALUES (3, 'streamed')", FILL);
    await sql("PREPARE TRANSACTION 'gid three'");
    await seen('p', 1);
    await sql("COMMIT PREPARED 'gid three'");
  },
};

const parallel: Case = {
  name: 'parallel',
  since: 16,
  protocol: 4,
  streaming: 'parallel',
  setup: TABLES,
  publication: 'FOR TABLE t',
  async run({ sql, seen }) {
    await sql('BEGIN', "INSERT INTO t VALUES (1, 'aborted')", FILL);
    await seen('S', 1);
    await sql('ROLLBACK');
    await seen('A', 1);
    await sql('BEGIN', "INSERT INTO t VALUES (2, 'two')", 'SAVEPOINT s', "INSERT INTO t VALUES (3, 'gone')", FILL);
    await seen('S', 2);
    await sql('ROLLBACK TO s', FILL, "INSERT INTO t VALUES (4, 'four')", 'COMMIT');
  },
};

export const TRANSACTION_CASES: readonly Case[] = [
  ddl,
  messages,
  origin,
  empty,
  prepared,
  streaming,
  twoPhase,
  parallel,
];
