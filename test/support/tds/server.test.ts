import type { Connection } from 'tedious';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, driver, loggedIn, login } from './client.ts';
import { refused } from './greeting.ts';
import { error, rows } from './reply.ts';
import { TdsServer } from './server.ts';

let server: TdsServer;
let connection: Connection | undefined;

beforeEach(async () => {
  server = await TdsServer.start({ password: 'secret' });
});

afterEach(async () => {
  connection?.close();
  connection = undefined;
  await server.close();
});

const open = async (): Promise<Connection> => {
  connection = await login({ port: server.port });
  return connection;
};

describe('the login', () => {
  it('is recorded with everything the client says', async () => {
    connection = await login({
      port: server.port,
      options: { database: 'sales', appName: 'app ü', packetSize: 8192, readOnlyIntent: true, workstationId: 'here' },
    });
    expect(server.received.slice(0, 2)).toEqual([
      { kind: 'prelogin', connection: 1, encryption: 'not supported' },
      {
        kind: 'login',
        connection: 1,
        encrypted: false,
        user: 'sa',
        password: 'secret',
        database: 'sales',
        app: 'app ü',
        host: 'here',
        server: '127.0.0.1',
        library: 'Tedious',
        language: 'us_english',
        packetSize: 8192,
        tdsVersion: 0x74000004,
        readOnlyIntent: true,
        fedAuth: null,
      },
    ]);
  });

  it('is refused with 18456 for a wrong password', async () => {
    const numbers: number[] = [];
    const wrong = driver({ port: server.port, password: 'guess' });
    wrong.on('errorMessage', ({ number }) => numbers.push(number));
    await expect(loggedIn(wrong)).rejects.toThrow("Login failed for user 'sa'.");
    expect(numbers).toEqual([18456]);
  });

  it('is refused with 4060 for a database that is not there', async () => {
    const other = await TdsServer.start({ database: 'sales' });
    await expect(login({ port: other.port, options: { database: 'stock' } })).rejects.toThrow('"stock"');
    (await login({ port: other.port, options: { database: 'sales' } })).close();
    await other.close();
  });

  it('fails with whatever number the test chooses', async () => {
    server.admit = () => refused(916, 'not in this database');
    await expect(open()).rejects.toThrow('not in this database');
  });

  it('goes to another server when redirected', async () => {
    const other = await TdsServer.start();
    server.admit = () => ({ route: { host: '127.0.0.1', port: other.port } });
    connection = await login({ port: server.port, options: { connector: undefined as never } });
    expect(other.received.map(({ kind }) => kind)).toEqual(['prelogin', 'login', 'settings']);
    connection.close();
    await other.close();
  });
});

describe('two clients', () => {
  it('are told apart', async () => {
    const [one, two] = [await open(), await login({ port: server.port })];
    expect(server.connections).toBe(2);
    await ask(two, 'SELECT 2');
    await ask(one, 'SELECT 1');
    expect(server.requests).toMatchObject([
      { connection: 2, text: 'SELECT 2' },
      { connection: 1, text: 'SELECT 1' },
    ]);
    two.close();
  });
});

describe('a batch', () => {
  it('is recorded as it was sent and touches no row by default', async () => {
    const answer = await ask(await open(), "SELECT N'ü€𝄞'");
    expect(answer).toEqual({ rowCount: 0, rows: [] });
    expect(server.received.at(-1)).toEqual({
      kind: 'batch',
      connection: 1,
      reset: false,
      transaction: 0n,
      text: "SELECT N'ü€𝄞'",
    });
  });

  it('gets rows of every type with their NULLs', async () => {
    const columns = [
      { name: 'n', type: 'nvarchar' },
      { name: 'm', type: 'nvarchar(max)' },
      { name: 'i', type: 'int' },
      { name: 'b', type: 'bigint' },
      { name: 'f', type: 'float' },
      { name: 't', type: 'bit' },
      { name: 'u', type: 'uniqueidentifier' },
      { name: 'v', type: 'varbinary' },
      { name: 'w', type: 'varbinary(max)' },
    ] as const;
    const id = '00112233-4455-6677-8899-AABBCCDDEEFF';
    const bytes = Buffer.of(0, 255);
    const full = ['ü', '𝄞'.repeat(9000), -1, 2n ** 62n, 0.1, true, id, bytes, Buffer.alloc(9000, 7)];
    server.respond = () =>
      rows(
        columns,
        full,
        columns.map(() => null),
        full.with(1, '').with(8, Buffer.alloc(0)),
      );
    const answer = await ask(await open(), 'SELECT *');
    const seen = full.with(3, String(2n ** 62n));
    expect(answer.rows).toEqual([seen, columns.map(() => null), seen.with(1, '').with(8, Buffer.alloc(0))]);
    expect(answer.rowCount).toBe(3);
  });

  it('may be larger than a packet', async () => {
    const text = `SELECT '${'x'.repeat(100_000)}'`;
    await ask(await open(), text);
    expect(server.texts.at(-1)).toBe(text);
  });

  it('fails with number, state, severity and line', async () => {
    server.respond = () => error(1205, 'deadlock', { state: 13, severity: 13, line: 7 });
    await expect(ask(await open(), 'UPDATE t')).rejects.toMatchObject({
      number: 1205,
      message: 'deadlock',
      state: 13,
      class: 13,
      lineNumber: 7,
    });
  });
});
