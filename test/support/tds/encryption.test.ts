import { type Connection, TYPES } from 'tedious';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../wait.ts';
import { ask, login } from './client.ts';
import type { Login } from './received.ts';
import { count, cut, dropped, rows } from './reply.ts';
import { TdsServer } from './server.ts';

let server: TdsServer;
let connection: Connection | undefined;

afterEach(async () => {
  connection?.close();
  connection = undefined;
  await server.close();
});

const seenLogin = (): Login | undefined => server.received.find((event): event is Login => event.kind === 'login');
/** A lost connection; the driver has no one word for it. */
const LOST = /unexpected end of message stream|socket hang up|ECONNRESET/;
/** A client that trusts the server's authority, and nothing else. */
const trusting = () => ({
  encrypt: true,
  trustServerCertificate: false,
  serverName: 'localhost',
  cryptoCredentialsDetails: { ca: server.ca },
});

async function worksBothWays(open: Connection): Promise<void> {
  const text = 'x'.repeat(50_000);
  server.respond = () => rows([{ name: 'x', type: 'nvarchar(max)' }], [text]);
  const answer = await ask(open, 'SELECT @x', 'execSql', (request) => request.addParameter('x', TYPES.NVarChar, text));
  expect(answer.rows).toEqual([[text]]);
  expect(server.requests.at(-1)).toMatchObject({ kind: 'rpc', params: [{ value: text }] });
}

describe('a server with encryption', () => {
  it.each(['on', 'required'] as const)('takes the login and everything after it over TLS: %s', async (encryption) => {
    server = await TdsServer.start({ encryption });
    const options = trusting();
    connection = await login({ port: server.port, options });
    expect(server.received[0]).toMatchObject({ kind: 'prelogin', encryption: 'on' });
    expect(seenLogin()).toMatchObject({ encrypted: true, password: 'secret' });
    await worksBothWays(connection);
  });

  it('speaks TDS 8.0 to a client that starts with TLS', async () => {
    server = await TdsServer.start({ encryption: 'strict' });
    const options = { ...trusting(), encrypt: 'strict' };
    connection = await login({ port: server.port, options });
    expect(seenLogin()).toMatchObject({ encrypted: true });
    await worksBothWays(connection);
  });

  it.each(['on', 'strict'] as const)('loses its connections like any other: %s', async (encryption) => {
    server = await TdsServer.start({ encryption });
    const options = { ...trusting(), encrypt: encryption === 'strict' ? 'strict' : true };
    connection = await login({ port: server.port, options });
    server.respond = () => cut([count(1)], 10);
    await expect(ask(connection, 'SELECT 1')).rejects.toThrow(LOST);
    connection = await login({ port: server.port, options });
    server.respond = () => dropped();
    await expect(ask(connection, 'SELECT 1')).rejects.toThrow(LOST);
    await until(() => server.connections === 0);
  });

  it('hears no login from a client that does not trust its certificate', async () => {
    server = await TdsServer.start({ encryption: 'on' });
    const options = { encrypt: true, trustServerCertificate: false, serverName: 'localhost' };
    await expect(login({ port: server.port, options })).rejects.toThrow(/certificate/);
    expect(seenLogin()).toBeUndefined();
  });

  it('hears no login from a client that knows it by another name', async () => {
    server = await TdsServer.start({ encryption: 'on', certificateFor: 'other.example' });
    const options = trusting();
    await expect(login({ port: server.port, options })).rejects.toThrow(/altnames/);
    expect(seenLogin()).toBeUndefined();
  });
});

describe('a server without encryption', () => {
  it.each(['not supported', 'off'] as const)(
    'shows when a client that wanted it logs in in clear: %s',
    async (encryption) => {
      server = await TdsServer.start({ encryption });
      connection = await login({ port: server.port, options: { encrypt: true, trustServerCertificate: false } });
      expect(server.received[0]).toMatchObject({ kind: 'prelogin', encryption: 'on' });
      expect(seenLogin()).toMatchObject({ encrypted: false });
    },
  );
});

describe('a login with a token', () => {
  it('shows the token that came with it', async () => {
    server = await TdsServer.start({ encryption: 'on' });
    connection = await login({
      port: server.port,
      options: { encrypt: true, trustServerCertificate: true, serverName: 'localhost' },
      authentication: { type: 'azure-active-directory-access-token', options: { token: 'a.b.c' } },
    });
    expect(seenLogin()).toMatchObject({ user: '', password: '', fedAuth: { library: 'token', token: 'a.b.c' } });
    expect(await ask(connection, 'SELECT 1')).toEqual({ rowCount: 0, rows: [] });
  });

  it('tells a client with a credential where to get one', async () => {
    server = await TdsServer.start({ encryption: 'on' });
    const scopes: unknown[] = [];
    const credential = {
      getToken: async (scope: unknown) => {
        scopes.push(scope);
        return { token: 'fetched', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
    };
    connection = await login({
      port: server.port,
      options: { encrypt: true, trustServerCertificate: true, serverName: 'localhost' },
      authentication: { type: 'token-credential', options: { credential } },
    });
    expect(scopes).toEqual(['https://database.windows.net/.default']);
    expect(server.received.slice(1)).toMatchObject([
      { kind: 'login', fedAuth: { library: 'adal' } },
      { kind: 'fedauth', token: 'fetched' },
      { kind: 'settings' },
    ]);
  });
});
