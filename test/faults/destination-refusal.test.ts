import { createConnection } from 'mysql2/promise';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { destinationFixture } from '../support/destination-fixture.ts';
import { catchUp, type Running, startPipeline } from '../support/pipeline.ts';
import { describeWith, freshDatabase, postgres, privateMariadb } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const codes = (run: Running) =>
  run.events.filter((one) => one.event === 'destination.retry').map((one) => one.data?.code);

/** The odd settings of a server that nobody looked after. */
const FLAGS = [
  '--innodb-lock-wait-timeout=1',
  '--character-set-server=latin1',
  '--collation-server=latin1_swedish_ci',
  '--sql-mode=',
  '--max-allowed-packet=1M',
];

await describeWith(
  'a destination that says no',
  () => privateMariadb(FLAGS),
  (server) => {
    afterAll(() => server.stop());
    const f = destinationFixture(server);
    beforeEach(() => f.there('ALTER DATABASE CHARACTER SET latin1'));
    const waiting = async (what: string) =>
      // looked at less often than the server refreshes what it shows there
      await until(
        async () => (await f.there("SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")).length,
        { everyMs: 150, what },
      );
    /** Streams a thousand rows, then holds row 2 in a transaction of somebody else. */
    const contended = async () => {
      await f.sql("INSERT INTO t SELECT i, 'old' FROM generate_series(1, 1000) i");
      const run = await f.start();
      const other = await createConnection(f.url);
      await other.query('BEGIN');
      await other.query('UPDATE t SET v = 2 WHERE id = 2 OR id > 100');
      return { run, other };
    };

    it('7: applies the same batch again after a lock wait timeout', async () => {
      const { run, other } = await contended();
      await f.sql("UPDATE t SET v = 'new' WHERE id < 4");
      await run.saw('destination.retry', 2);
      await other.query('ROLLBACK');
      await other.end();
      await until(async () => (await f.there("SELECT 1 FROM t WHERE v = 'new'")).length, { what: 'the batch' });
      await run.stop();
      expect(new Set(codes(run))).toEqual(new Set(['DESTINATION_BUSY']));
      await f.expectSame('t');
    });

    it('7: applies the same batch again after a deadlock', async () => {
      await f.there('SET GLOBAL innodb_lock_wait_timeout = 30');
      const { run, other } = await contended();
      await f.sql("UPDATE t SET v = 'new' WHERE id < 4");
      await waiting('the batch to wait');
      await other.query('UPDATE t SET v = 1 WHERE id = 1');
      await other.query('ROLLBACK');
      await other.end();
      await until(async () => (await f.there("SELECT 1 FROM t WHERE v = 'new'")).length, { what: 'the batch' });
      await run.stop();
      expect(codes(run)).toEqual(['DESTINATION_BUSY']);
      expect(run.events.find((one) => one.event === 'destination.retry')?.message).toMatch(/[Dd]eadlock/);
      await f.there('SET GLOBAL innodb_lock_wait_timeout = 1');
      await f.expectSame('t');
    });

    it.each([
      { rule: 'CHECK (id <> 7000)', ddl: 'v LONGTEXT COLLATE utf8mb4_nopad_bin', row: "7000, 'poison'", rows: 2 },
      { rule: 'CHECK (id <> 7000)', ddl: 'v LONGTEXT COLLATE utf8mb4_nopad_bin', row: "7000, 'poison'", rows: 500 },
      { rule: 'UNIQUE (id)', ddl: 'v LONGTEXT COLLATE utf8mb4_nopad_bin NOT NULL', row: '7000, NULL', rows: 2 },
      { rule: 'UNIQUE (id)', ddl: 'v LONGTEXT COLLATE utf8mb4_nopad_bin NOT NULL', row: '7000, NULL', rows: 500 },
    ])(
      '8: stops at a row the destination refuses, with $ddl $rule, among $rows rows',
      async ({ rule, ddl, row, rows }) => {
        await f.there(`CREATE TABLE t (id INT PRIMARY KEY, ${ddl}, CONSTRAINT rule ${rule})`);
        const run = await f.start();
        await f.sql("INSERT INTO t VALUES (1, 'good')");
        await until(async () => (await f.there('SELECT 1 FROM t')).length);
        const checkpoint = await f.there('SELECT flushed FROM pg2any_checkpoint');
        await f.sql(
          `BEGIN; INSERT INTO t SELECT i, 'with it' FROM generate_series(2, ${rows}) i; INSERT INTO t VALUES (${row}); COMMIT`,
        );
        await expect(run.done).rejects.toMatchObject({
          code: 'VALUE_REFUSED',
          exitCode: 7,
          message: expect.stringMatching(/public\.t \(id = '7000'\)/),
        });
        expect(codes(run)).toEqual([]);
        expect(await f.there('SELECT id, v FROM t')).toEqual([['1', 'good']]);
        expect(await f.there('SELECT flushed FROM pg2any_checkpoint')).toEqual(checkpoint);
        await expect(catchUp(f.setup()), 'nothing is skipped').rejects.toMatchObject({ code: 'VALUE_REFUSED' });
        await f.there('ALTER TABLE t DROP CONSTRAINT rule, MODIFY v LONGTEXT COLLATE utf8mb4_nopad_bin NULL');
        await catchUp(f.setup());
        await f.expectSame('t');
      },
    );

    it('8: stops at a value without a counterpart and names table, key and column', async () => {
      await f.sql('CREATE TABLE moments (id int PRIMARY KEY, at timestamptz)');
      const run = await f.start();
      await f.sql("INSERT INTO t VALUES (1, 'with it'); INSERT INTO moments VALUES (5, 'infinity')");
      await expect(run.done).rejects.toMatchObject({
        code: 'VALUE_UNREPRESENTABLE',
        exitCode: 7,
        message: expect.stringMatching(/public\.moments \(id = '5'\).*\bat\b.*INFINITE_DATETIME/),
      });
      expect(await f.there('SELECT COUNT(*) FROM t')).toEqual([['0']]);
      await expect(catchUp(f.setup()), 'nothing is skipped').rejects.toMatchObject({ exitCode: 7 });
    });

    it.each(['copied', 'streamed'])('60: stops at a %s value that is larger than max_allowed_packet', async (how) => {
      if (how === 'streamed') await catchUp(f.setup());
      await f.sql("INSERT INTO t VALUES (1, repeat('x', 900000))");
      if (how === 'streamed') await catchUp(f.setup());
      await f.sql("INSERT INTO t VALUES (2, repeat('x', 3000000))");
      const run = startPipeline(f.setup({ pipeline: { until: 'now' } }));
      await expect(run.done).rejects.toMatchObject({
        code: 'VALUE_UNREPRESENTABLE',
        message: expect.stringMatching(/public\.t \(id = '2'\).*max_allowed_packet/),
      });
      expect(run.events.filter((one) => one.event.includes('retry'))).toEqual([]);
    });

    it.each(['', 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT'])(
      "60: keeps every character where the server says sql_mode = '%s' and latin1",
      async (mode) => {
        await f.there(`SET GLOBAL sql_mode = '${mode}'`);
        const values = `('back\\slash'), ('quo''te "double"'), ('tab' || chr(9) || 'line' || chr(10)), ('😀 Ωß'), (''), (NULL), ('\\N')`;
        const add = (from: number) =>
          f.sql(`INSERT INTO t SELECT ${from} + row_number() OVER (), v FROM (VALUES ${values}) x (v)`);
        await add(0);
        await catchUp(f.setup());
        await add(100);
        await f.sql(
          "UPDATE t SET v = v || '\\' WHERE id < 5; INSERT INTO t SELECT i, 'a\\b' || i FROM generate_series(200, 600) i",
        );
        await catchUp(f.setup());
        await f.there("SET GLOBAL sql_mode = ''");
        await f.expectSame('t');
      },
    );

    it('60: takes another road where loading is off, and says so', async () => {
      await f.there('SET GLOBAL local_infile = OFF');
      await f.sql("INSERT INTO t SELECT i, 'a' FROM generate_series(1, 1000) i");
      const run = await f.start();
      await f.sql("UPDATE t SET v = 'b'");
      await until(async () => (await f.there("SELECT 1 FROM t WHERE v = 'b'")).length, { what: 'the batch' });
      await run.stop();
      await f.there('SET GLOBAL local_infile = ON');
      await f.expectSame('t');
      const said = run.events.filter((one) => /multi-row upserts \(local_infile is off\)/.test(one.message));
      expect(said.map((one) => one.event)).toEqual(['connected', 'table.created']);
    });

    it('60: goes on where loading is turned off while it runs', async () => {
      const run = await f.start();
      await f.there('SET GLOBAL local_infile = OFF');
      await f.sql("INSERT INTO t SELECT i, 'a' FROM generate_series(1, 1000) i");
      await until(async () => (await f.there('SELECT 1 FROM t')).length, { what: 'the batch' });
      await run.stop();
      await f.there('SET GLOBAL local_infile = ON');
      expect(codes(run)).toEqual([]);
      await f.expectSame('t');
    });
  },
);

describe('a SQLite file that somebody else writes', () => {
  it('7: applies the same batch again once the other writer is done', async () => {
    const database = await freshDatabase(await postgres());
    const place = await sqlitePlace();
    await pgRows(database.url, 'CREATE TABLE t (id int PRIMARY KEY, v text)');
    const run = startPipeline({ source: database.url, slot: database.name, open: () => place.open() });
    await run.saw('streaming');
    await place.exec('BEGIN IMMEDIATE');
    await pgRows(database.url, "INSERT INTO t SELECT i, 'a' FROM generate_series(1, 500) i");
    await run.saw('destination.retry');
    await place.exec('COMMIT');
    await until(async () => (await place.query('SELECT id FROM t')).length === 500, { what: 'the batch' });
    await run.stop();
    expect(new Set(codes(run))).toEqual(new Set(['DESTINATION_BUSY']));
    await place.close();
    await database.drop();
  });
});
