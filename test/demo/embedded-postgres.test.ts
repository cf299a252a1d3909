import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { isAlive } from '../../src/demo/server-folder.ts';
import { pgRows, pgValue } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const started: EmbeddedPostgres[] = [];

async function start(options: Parameters<typeof startEmbeddedPostgres>[0] = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options);
  started.push(server);
  return server;
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop('immediate');
});

describe('a PostgreSQL of our own', () => {
  it.each([13, 14, 15, 16, 17, 18] as const)('is a real PostgreSQL %i that replicates logically', async (version) => {
    const { url } = await start({ version });
    expect(await pgValue(url, 'SHOW server_version')).toMatch(new RegExp(`^${version}\\.`));
    expect(await pgValue(url, `SELECT pg_create_logical_replication_slot('s', 'pgoutput')`)).toContain('s,');
  });

  it('asks for a password, by SCRAM', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(pgRows(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await pgValue(url, `SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'`)).toMatch(
      /^SCRAM-SHA-256/,
    );
  });

  it('answers on a Unix socket too', async () => {
    const { url, socketDir } = await start();
    const { password, port } = new URL(url);
    const socket = `postgres://postgres:${password}@/postgres?host=${socketDir}&port=${port}`;
    expect(await pgValue(socket, 'SELECT inet_server_addr() IS NULL')).toBe('t');
  });

  it('keeps data and port over a restart and over kill -9', async () => {
    const server = await start();
    await pgRows(server.url, 'CREATE TABLE t AS SELECT 1 AS a');
    await server.restart('immediate', { work_mem: '8MB' });
    await pgRows(server.url, 'INSERT INTO t VALUES (2)');
    await server.kill();
    await expect(pgRows(server.url, 'SELECT 1')).rejects.toThrow();
    await server.start();
    expect(await pgRows(server.url, 'SELECT a FROM t ORDER BY a')).toEqual([['1'], ['2']]);
    expect(await pgValue(server.url, 'SHOW work_mem')).toBe('8MB');
  });

  it('is gone, with its folder, once stopped or aborted', async () => {
    const stop = new AbortController();
    const stopped = await start();
    await stopped.stop();
    const aborted = await start({ signal: stop.signal });
    stop.abort();
    await until(() => !existsSync(aborted.dataDir), { what: 'the folder to go' });
    expect([isAlive(stopped.pid), isAlive(aborted.pid)]).toEqual([false, false]);
    expect(existsSync(stopped.dataDir)).toBe(false);
  });

  it('ends with its owner, however the owner ends', async () => {
    const owner = spawn(process.execPath, ['--import', 'tsx', 'test/demo/owner.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise<string>((done) => owner.stdout.once('data', (text) => done(String(text))));
    const { pid, dataDir } = JSON.parse(said) as { pid: number; dataDir: string };
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    await until(() => !isAlive(pid), { what: 'PostgreSQL to end' });
    await until(() => !existsSync(dirname(dataDir)), { what: 'its folder to go' });
  });
});

describe('a data folder that is kept', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pg2any-kept-'));
    // As root the server's account must be able to come in.
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('brings its data and its password back', async () => {
    const dataDir = join(folder, 'data');
    const first = await start({ dataDir });
    await pgRows(first.url, 'CREATE TABLE t AS SELECT 1 AS a');
    await first.stop();
    const second = await start({ dataDir });
    expect(await pgValue(second.url, 'SELECT a FROM t')).toBe('1');
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  it('is taken over from a server that outlived its owner', async () => {
    const dataDir = join(folder, 'data');
    const orphan = await start({ dataDir });
    const next = await start({ dataDir });
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await pgValue(next.url, 'SELECT 1')).toBe('1');
  });

  it('refuses another major version', async () => {
    const dataDir = join(folder, 'data');
    await (await start({ dataDir, version: 15 })).stop();
    await expect(start({ dataDir, version: 18 })).rejects.toThrow('holds PostgreSQL 15, not 18');
  });
});
