import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { headless } from '../support/headless.ts';
import { pg2any } from '../support/program.ts';
import { pgRows, pgValue } from '../support/sql.ts';
import { caughtUp, copyFolder, promote, STANDBY_SLOT, startStandby, synchronised } from '../support/standby.ts';
import { until } from '../support/wait.ts';

/** The procedures of docs/operations.md, as written there, with the program itself. */
describe('the procedures', { timeout: 90_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-procedures-'));
  let source: EmbeddedPostgres;
  let name = '';
  let count = 0;

  beforeAll(async () => {
    source = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
  }, 120_000);
  afterAll(async () => {
    await source.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    count += 1;
    name = `p_${count}`;
    const client = source.url;
    await pgRows(client, `DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY, v text)`);
    await pgRows(client, `INSERT INTO t SELECT i, 'first' FROM generate_series(1, 100) i`);
  });

  const copy = (file: string) => join(folder, `${name}-${file}.db`);
  const env = (file = 'copy', url = source.url) => ({
    CDC_SOURCE_URL: url,
    CDC_DEST_URL: `sqlite:${copy(file)}`,
    CDC_REPLICATION_SLOT: name,
    CDC_PUBLICATION: name,
  });
  const run = (words: readonly string[], variables = env()) => pg2any([...words, '--env'], { env: variables });
  const upToDate = async (variables = env()) => {
    const outcome = await run(['replicate', '--until', 'now'], variables);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    return outcome.stderr;
  };
  const verified = async (variables = env()) => {
    const outcome = await run(['verify'], variables);
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  };
  const change = (what: string, url = source.url) =>
    pgRows(url, `UPDATE t SET v = '${what}' WHERE id <= 10; DELETE FROM t WHERE id = (SELECT max(id) FROM t)`);
  const copyFile = (from: string, to: string) => {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(`${copy(to)}${end}`, { force: true });
      if (existsSync(`${copy(from)}${end}`)) cpSync(`${copy(from)}${end}`, `${copy(to)}${end}`);
    }
  };

  it('moving pg2any: started elsewhere with the same configuration it goes on where it was', async () => {
    await upToDate();
    await change('moved');
    const told = await upToDate();
    expect(told).toContain('resuming at');
    expect(told).not.toContain('rows copied');
    await verified();
  });

  it('upgrading pg2any: the new one waits beside the old one, and takes over when that is stopped or killed', async () => {
    await upToDate();
    const variables = { ...env(), CDC_HEARTBEAT_INTERVAL: '200ms' };
    const running = [await headless(variables)];
    const replaced = async (signal: 'SIGTERM' | 'SIGKILL') => {
      const [old] = running as [(typeof running)[number]];
      await old.becomes('/readyz', 200);
      const fresh = await headless(variables);
      running.unshift(fresh);
      await fresh.becomes('/readyz?standby=ok', 200);
      expect(await fresh.metric('pg2any_standby')).toBe(1);
      await change(signal);
      const ended = performance.now();
      const outcome = old.end(signal);
      await fresh.becomes('/readyz', 200);
      expect(performance.now() - ended).toBeLessThan(5000);
      expect(await outcome).toEqual(signal === 'SIGTERM' ? [0, null] : [null, signal]);
    };
    try {
      await replaced('SIGTERM');
      await replaced('SIGKILL');
      await running[0]?.end('SIGTERM');
    } finally {
      for (const one of running) await one.end('SIGKILL');
    }
    await upToDate();
    await verified();
  });

  it('moving the destination: a copy with its pg2any tables goes on where it was', async () => {
    await upToDate();
    copyFile('copy', 'moved');
    await change('moved');
    expect(await upToDate(env('moved'))).toContain('resuming at');
    await verified(env('moved'));
  });

  it('restoring the destination from a backup: it is refused, and a new copy makes it whole', async () => {
    await upToDate();
    copyFile('copy', 'backup');
    await change('after the backup');
    await upToDate();
    copyFile('backup', 'copy');
    const refused = await run(['replicate', '--until', 'now']);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('SLOT_AHEAD');
    expect(await run(['teardown', '--yes'])).toMatchObject({ code: 0 });
    expect(await upToDate()).toContain('99 rows copied');
    await verified();
  });

  it('restoring the source from a backup: it is refused, and a new copy makes it whole', async () => {
    await upToDate();
    const backup = join(dirname(source.dataDir), 'backup');
    await source.pause();
    await copyFolder(source.dataDir, backup);
    await source.start();
    await change('after the backup');
    await upToDate();
    await source.pause();
    rmSync(source.dataDir, { recursive: true });
    await copyFolder(backup, source.dataDir);
    await source.start();
    const refused = await run(['replicate', '--until', 'now']);
    expect(refused.code, refused.stderr).toBe(6);
    expect(refused.stderr).toContain('SOURCE_BEHIND');
    expect(await run(['teardown', '--yes'])).toMatchObject({ code: 0 });
    await upToDate();
    await verified();
  });

  it('restoring the source into a new cluster: it is refused, and with a new slot name the tables are copied anew', async () => {
    await upToDate();
    const other = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
    try {
      await pgRows(other.url, "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'restored')");
      const there = env('copy', other.url);
      const refused = await run(['replicate', '--until', 'now'], there);
      expect(refused.code, refused.stderr).toBe(6);
      expect(refused.stderr).toContain('SOURCE_CHANGED');
      const renamed = { ...there, CDC_REPLICATION_SLOT: `${name}_new` };
      expect(await upToDate(renamed)).toContain('1 row copied');
      await verified(renamed);
    } finally {
      await other.stop('immediate');
    }
  });

  it('a slot that is beyond max_slot_wal_keep_size is lost: it is refused, and a new copy makes it whole', async () => {
    await upToDate();
    await pgRows(source.url, "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await pgRows(source.url, 'SELECT pg_reload_conf()');
    try {
      const state = async () => {
        await change('beyond the limit');
        await pgRows(source.url, 'SELECT pg_switch_wal()');
        await pgRows(source.url, 'CHECKPOINT');
        return await pgValue(source.url, `SELECT wal_status FROM pg_replication_slots WHERE slot_name = '${name}'`);
      };
      await until(async () => (await state()) === 'lost', { what: 'the loss of the slot' });
    } finally {
      await pgRows(source.url, 'ALTER SYSTEM RESET max_slot_wal_keep_size');
      await pgRows(source.url, 'SELECT pg_reload_conf()');
    }
    const refused = await run(['replicate', '--until', 'now']);
    expect(refused.code, refused.stderr).toBe(6);
    expect(refused.stderr).toContain('SLOT_LOST');
    expect((await run(['status'])).stdout).toContain('SLOT_LOST');
    expect(await run(['teardown', '--yes'])).toMatchObject({ code: 0 });
    await upToDate();
    await verified();
  });

  it('failover: with a slot that is synchronised, the promoted standby goes on with nothing lost or repeated', async () => {
    const variables = { ...env(), CDC_FAILOVER: 'true' };
    await upToDate(variables);
    const standby = await startStandby(source, { sync_replication_slots: 'on' });
    const running = await headless({ ...variables, CDC_HEARTBEAT_INTERVAL: '200ms' });
    let killed = false;
    try {
      await running.becomes('/readyz', 200);
      await pgRows(source.url, `ALTER SYSTEM SET synchronized_standby_slots = '${STANDBY_SLOT}'`);
      await pgRows(source.url, 'SELECT pg_reload_conf()');
      await synchronised(standby, name, () =>
        pgRows(source.url, `UPDATE t SET v = v || '.' WHERE id = 1; SELECT pg_log_standby_snapshot()`),
      );
      await change('before the failover');
      await caughtUp(standby, source);
      await source.kill();
      killed = true;
      await until(() => running.lines('retry').length, { what: 'the loss to be noticed' });
      expect(await running.end('SIGTERM')).toEqual([0, null]);
      await promote(standby);
      await change('after the failover', standby.url);
      const promoted = { ...env('copy', standby.url), CDC_FAILOVER: 'true' };
      expect(await upToDate(promoted)).toContain('resuming at');
      await verified(promoted);
    } finally {
      await running.end('SIGKILL');
      await standby.stop('immediate');
      if (killed) await source.start();
      await pgRows(source.url, 'ALTER SYSTEM RESET synchronized_standby_slots');
    }
  });
});
