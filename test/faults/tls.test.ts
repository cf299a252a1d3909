import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SourceOptions, SslMode } from '../../src/model/source.ts';
import { makeAuthority, makeCertificate } from '../support/certificate.ts';
import { catchUp, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** 58 of the fault catalogue: every way to connect, for catalog, copy and stream alike. */
describe('TLS to the source', { timeout: 60_000 }, () => {
  const f = sourceFixture('tls');
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-tls-'));
  const trusted = join(folder, 'trusted.pem');
  const stranger = join(folder, 'stranger.pem');
  let rules: string;

  /** The certificate names `127.0.0.1` and is signed by what `trusted` holds. */
  beforeAll(async () => {
    const authority = makeAuthority('pg2any test');
    const server = makeCertificate(authority, '127.0.0.1');
    writeFileSync(trusted, authority.cert);
    writeFileSync(stranger, makeAuthority('somebody else').cert);
    await install('server.crt', server.cert);
    await install('server.key', server.key);
    rules = readFileSync(join(f.server.dataDir, 'pg_hba.conf'), 'utf8');
    await f.server.restart('fast', { ssl: 'on' });
    await f.reconnect();
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    vi.restoreAllMocks();
    await install('pg_hba.conf', rules);
    await reload();
  });

  async function install(name: string, text: string): Promise<void> {
    const path = join(f.server.dataDir, name);
    const draft = join(folder, name);
    writeFileSync(draft, text, { mode: 0o600 });
    copyFileSync(draft, path);
    const { uid, gid } = statSync(f.server.dataDir);
    await chown(path, uid, gid);
  }
  /** Sessions hear of new settings after the process that takes connections. */
  const reload = async () => {
    const loaded = async () => (await f.sql('SELECT pg_conf_load_time()::text AS at'))[0]?.at;
    const before = await loaded();
    await f.sql('SELECT pg_reload_conf()');
    await until(async () => (await loaded()) !== before, { what: 'the new settings' });
  };
  const allow = async (...lines: string[]) => {
    await install('pg_hba.conf', `local all all scram-sha-256\n${lines.join('\n')}\n`);
    await reload();
  };
  const setup = (connect: Partial<SourceOptions>) => ({ ...f.setup(), connect });
  /** Copies and streams; gives whether each connection of ours was encrypted. */
  const encrypted = async (connect: Partial<SourceOptions>) => {
    await f.sql("INSERT INTO t VALUES (1, 'copied')");
    const running = startPipeline(setup(connect));
    await running.saw('streaming');
    const rows =
      await f.sql(`SELECT a.backend_type, s.ssl::text AS ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
      WHERE a.application_name = 'pg2any' ORDER BY 1`);
    await f.sql("INSERT INTO t VALUES (2, 'streamed')");
    await running.stop();
    await catchUp(setup(connect));
    expect(f.memory.rows('public.t')).toHaveLength(2);
    return Object.fromEntries(rows.map((row) => [row.backend_type, row.ssl]));
  };
  const refused = async (connect: Partial<SourceOptions>, message: RegExp) => {
    const running = startPipeline(setup(connect));
    await expect(running.done).rejects.toMatchObject({
      code: 'SOURCE_AUTH',
      exitCode: 4,
      message: expect.stringMatching(message),
    });
    expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
  };

  it.each<[SslMode, 'no' | 'an', string]>([
    ['disable', 'no', 'false'],
    ['prefer', 'no', 'true'],
    ['prefer', 'an', 'true'],
    ['require', 'no', 'true'],
    ['require', 'an', 'true'],
    ['verify-ca', 'an', 'true'],
    ['verify-full', 'an', 'true'],
  ])('sslmode=%s with %s authority to trust replicates; encrypted: %s', async (sslMode, authority, ssl) => {
    const sslRootCert = authority === 'an' ? trusted : null;
    expect(await encrypted({ sslMode, sslRootCert })).toEqual({ 'client backend': ssl, walsender: ssl });
  });

  it.each<SslMode>(['verify-ca', 'verify-full'])(
    'sslmode=%s refuses a certificate of an unknown authority',
    async (sslMode) => {
      await refused({ sslMode, sslRootCert: null }, /certificate/);
      await refused({ sslMode, sslRootCert: stranger }, /certificate/);
    },
  );

  it('sslmode=require with an authority checks it, as libpq does', async () => {
    await refused({ sslMode: 'require', sslRootCert: stranger }, /certificate/);
  });

  it('sslmode=verify-full refuses a certificate for another host, which verify-ca takes', async () => {
    const elsewhere = { host: 'localhost', sslRootCert: trusted };
    await refused({ ...elsewhere, sslMode: 'verify-full' }, /Hostname|altnames/);
    expect(await encrypted({ ...elsewhere, sslMode: 'verify-ca' })).toMatchObject({ walsender: 'true' });
  });

  it('names an authority file that cannot be read', async () => {
    const running = startPipeline(setup({ sslMode: 'verify-full', sslRootCert: '/nowhere/ca.pem' }));
    await expect(running.done).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/nowhere/ca.pem'),
    });
  });

  it('binds SCRAM to the TLS channel, on every connection', async () => {
    const answer = vi.spyOn(pg.Connection.prototype as unknown as SaslConnection, 'sendSASLInitialResponseMessage');
    await encrypted({ sslMode: 'require' });
    const mechanisms = answer.mock.calls.map(([mechanism]) => mechanism);
    expect(mechanisms.length).toBeGreaterThanOrEqual(4);
    expect(new Set(mechanisms)).toEqual(new Set(['SCRAM-SHA-256-PLUS']));
  });

  it('says that the server wants TLS when it is disabled', async () => {
    await allow('hostssl all all all scram-sha-256', 'hostssl replication all all scram-sha-256');
    await refused({ sslMode: 'disable' }, /pg_hba\.conf/);
    expect(await encrypted({ sslMode: 'prefer' })).toMatchObject({ walsender: 'true' });
  });

  it('sslmode=prefer goes without TLS where pg_hba.conf wants that; require does not', async () => {
    await allow('hostnossl all all all scram-sha-256', 'hostnossl replication all all scram-sha-256');
    await refused({ sslMode: 'require' }, /pg_hba\.conf/);
    expect(await encrypted({ sslMode: 'prefer' })).toMatchObject({ walsender: 'false' });
  });

  it('connects through a Unix socket, which is never encrypted', async () => {
    await allow();
    const connect = { host: f.server.socketDir, sslMode: 'require' } as const;
    expect(await encrypted(connect)).toEqual({ 'client backend': 'false', walsender: 'false' });
  });

  it('says so when a wrong password is given over TLS', async () => {
    await refused({ sslMode: 'require', password: 'wrong' }, /password authentication failed/);
    await refused({ sslMode: 'require', password: null }, /password/);
  });
});

interface SaslConnection {
  sendSASLInitialResponseMessage(mechanism: string, response: string): void;
}

describe('a source without TLS', { timeout: 60_000 }, () => {
  const f = sourceFixture('notls');

  it.each<SslMode>(['require', 'verify-ca', 'verify-full'])('is refused by sslmode=%s', async (sslMode) => {
    const running = startPipeline({ ...f.setup(), connect: { sslMode } });
    await expect(running.done).rejects.toMatchObject({
      code: 'SOURCE_AUTH',
      message: expect.stringContaining('does not support SSL'),
    });
  });

  it('is used in the clear by sslmode=prefer', async () => {
    await catchUp({ ...f.setup(), connect: { sslMode: 'prefer' } });
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await catchUp({ ...f.setup(), connect: { sslMode: 'prefer' } });
    expect(f.memory.applied).toHaveLength(1);
  });
});
