import { type Connection, TYPES } from 'tedious';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask, login } from './client.ts';
import { count, error, rows } from './reply.ts';
import { inTurn, script } from './script.ts';
import { TdsServer } from './server.ts';

let server: TdsServer;
let connection: Connection;

beforeEach(async () => {
  server = await TdsServer.start();
  connection = await login({ port: server.port });
});

afterEach(async () => {
  connection.close();
  await server.close();
});

it('answers every request with the first line that fits it', async () => {
  server.respond = script(
    [/checkpoint/, rows([{ name: 'lsn', type: 'bigint' }], [5n])],
    [/^UPDATE/, inTurn(error(1205), count(1))],
    [/^sp_getapplock$/, error(1222)],
    ['rpc', ({ kind }) => count(kind === 'rpc' ? 9 : 0)],
  );
  expect((await ask(connection, 'SELECT lsn FROM checkpoint')).rows).toEqual([['5']]);
  await expect(ask(connection, 'UPDATE t')).rejects.toMatchObject({ number: 1205 });
  expect((await ask(connection, 'UPDATE t')).rowCount).toBe(1);
  expect((await ask(connection, 'UPDATE t')).rowCount).toBe(0);
  await expect(ask(connection, 'sp_getapplock', 'callProcedure')).rejects.toMatchObject({ number: 1222 });
  const add = ask(connection, 'INSERT', 'execSql', (request) => request.addParameter('a', TYPES.Int, 1));
  expect((await add).rowCount).toBe(9);
  expect((await ask(connection, 'DELETE t')).rowCount).toBe(0);
});
