import { type Connection, TYPES } from 'tedious';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, login } from './client.ts';
import { error, rows, transaction } from './reply.ts';
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

const DAY = new Date('2024-02-29T13:14:15.678Z');

/** Name, type, options, what is sent, declared type, what is recorded. */
const PARAMETERS = [
  ['n', TYPES.NVarChar, {}, 'ü€𝄞', 'nvarchar(4)', 'ü€𝄞'],
  ['n0', TYPES.NVarChar, {}, '', 'nvarchar(1)', ''],
  ['n4000', TYPES.NVarChar, { length: 4000 }, 'x', 'nvarchar(4000)', 'x'],
  ['nmax', TYPES.NVarChar, { length: Infinity }, 'y'.repeat(9000), 'nvarchar(max)', 'y'.repeat(9000)],
  ['nmax0', TYPES.NVarChar, { length: Infinity }, '', 'nvarchar(max)', ''],
  ['c', TYPES.VarChar, {}, 'é', 'varchar(1)', 'é'],
  ['b', TYPES.VarBinary, {}, Buffer.of(0, 1, 255), 'varbinary(3)', Buffer.of(0, 1, 255)],
  ['bmax', TYPES.VarBinary, { length: Infinity }, Buffer.alloc(9000, 3), 'varbinary(max)', Buffer.alloc(9000, 3)],
  ['tiny', TYPES.TinyInt, {}, 255, 'tinyint', 255],
  ['small', TYPES.SmallInt, {}, -32768, 'smallint', -32768],
  ['i', TYPES.Int, {}, -(2 ** 31), 'int', -(2 ** 31)],
  ['big', TYPES.BigInt, {}, -(2n ** 63n), 'bigint', -(2n ** 63n)],
  ['bit', TYPES.Bit, {}, true, 'bit', true],
  ['f', TYPES.Float, {}, 5e-324, 'float', 5e-324],
  ['r', TYPES.Real, {}, 0.5, 'real', 0.5],
  ['d', TYPES.Decimal, { precision: 20, scale: 3 }, -12.5, 'decimal(20, 3)', '-12.500'],
  ['d0', TYPES.Decimal, { precision: 5, scale: 0 }, 7, 'decimal(5, 0)', '7'],
  ['m', TYPES.Money, {}, -1.25, 'money', '-1.2500'],
  [
    'u',
    TYPES.UniqueIdentifier,
    {},
    '00112233-4455-6677-8899-aabbccddeeff',
    'uniqueidentifier',
    '00112233-4455-6677-8899-AABBCCDDEEFF',
  ],
  ['day', TYPES.Date, {}, DAY, 'date', '2024-02-29'],
  ['t', TYPES.Time, { scale: 7 }, DAY, 'time(7)', '13:14:15.6780000'],
  ['dt2', TYPES.DateTime2, { scale: 3 }, DAY, 'datetime2(3)', '2024-02-29 13:14:15.678'],
  [
    'dto',
    TYPES.DateTimeOffset,
    { scale: 0 },
    new Date('2024-02-29T23:14:15Z'),
    'datetimeoffset(0)',
    expect.stringMatching(/^2024-0[23]-.* [+-]\d\d:\d\d$/),
  ],
  ['dt', TYPES.DateTime, {}, DAY, 'datetime', '2024-02-29 13:14:15.677'],
  ['sdt', TYPES.SmallDateTime, {}, DAY, 'smalldatetime', '2024-02-29 13:14:00'],
] as const;

describe('a statement with parameters', () => {
  it.each(PARAMETERS)('brings @%s as it was given', async (name, type, options, value, declared, recorded) => {
    await ask(connection, `SELECT @${name}`, 'execSql', (request) => request.addParameter(name, type, value, options));
    expect(server.requests.at(-1)).toMatchObject({
      kind: 'rpc',
      name: 'sp_executesql',
      sql: `SELECT @${name}`,
      params: [{ name: `@${name}`, type: declared, value: recorded, output: false }],
    });
  });

  it.each(PARAMETERS)('brings the NULL of @%s', async (name, type, options) => {
    await ask(connection, 'SELECT 1', 'execSql', (request) => request.addParameter(name, type, null, options));
    expect(server.requests.at(-1)).toMatchObject({ params: [{ name: `@${name}`, value: null }] });
  });

  it('keeps the order, the declarations and the text', async () => {
    await ask(connection, 'UPDATE t SET a = @a WHERE b = @b', 'execSql', (request) => {
      request.addParameter('a', TYPES.NVarChar, 'x', { length: 10 });
      request.addParameter('b', TYPES.Int, 3);
    });
    expect(server.requests).toEqual([
      {
        kind: 'rpc',
        connection: 1,
        reset: false,
        transaction: 0n,
        name: 'sp_executesql',
        sql: 'UPDATE t SET a = @a WHERE b = @b',
        declarations: '@a nvarchar(10), @b int',
        params: [
          { name: '@a', type: 'nvarchar(10)', value: 'x', output: false },
          { name: '@b', type: 'int', value: 3, output: false },
        ],
      },
    ]);
  });

  it('gets rows, counts and errors too', async () => {
    server.respond = () => rows([{ name: 'x', type: 'int' }], [1], [2]);
    expect(await ask(connection, 'SELECT x', 'execSql')).toEqual({ rowCount: 2, rows: [[1], [2]] });
    server.respond = () => error(2627, 'duplicate');
    await expect(ask(connection, 'INSERT t', 'execSql')).rejects.toMatchObject({ number: 2627 });
  });
});

describe('a procedure', () => {
  it('is called by its name with its parameters', async () => {
    await ask(connection, 'sp_getapplock', 'callProcedure', (request) => {
      request.addParameter('Resource', TYPES.NVarChar, 'one');
      request.addOutputParameter('x', TYPES.Int);
    });
    expect(server.requests.at(-1)).toMatchObject({
      name: 'sp_getapplock',
      sql: null,
      params: [
        { name: '@Resource', value: 'one', output: false },
        { name: '@x', type: 'int', value: null, output: true },
      ],
    });
  });
});

describe('a transaction', () => {
  const begin = () =>
    new Promise<void>((done, fail) => connection.beginTransaction((e) => (e ? fail(e) : done()), 'tx', 4));
  const commit = () => new Promise<void>((done, fail) => connection.commitTransaction((e) => (e ? fail(e) : done())));
  const rollback = () =>
    new Promise<void>((done, fail) => connection.rollbackTransaction((e) => (e ? fail(e) : done())));

  it('is begun, used and committed under its descriptor', async () => {
    await begin();
    await ask(connection, 'INSERT t');
    await commit();
    await ask(connection, 'SELECT 1');
    expect(server.requests).toMatchObject([
      { kind: 'transaction', what: 'begin', name: 'tx', isolation: 4, transaction: 0n },
      { kind: 'batch', transaction: 1n },
      { kind: 'transaction', what: 'commit', transaction: 1n },
      { kind: 'batch', transaction: 0n },
    ]);
  });

  it('is rolled back', async () => {
    await begin();
    await rollback();
    await ask(connection, 'SELECT 1');
    expect(server.requests).toMatchObject([
      { what: 'begin' },
      { what: 'rollback', transaction: 1n },
      { transaction: 0n },
    ]);
  });

  it('may be begun by a batch and ended by an error in one', async () => {
    server.respond = (request) => {
      if (request.kind !== 'batch') return null;
      return request.text === 'BEGIN TRAN' ? transaction('begin') : [transaction('rollback'), error(1205)];
    };
    await ask(connection, 'BEGIN TRAN');
    await expect(ask(connection, 'UPDATE t')).rejects.toMatchObject({ number: 1205 });
    server.respond = () => null;
    await ask(connection, 'SELECT 1');
    expect(server.requests.map((request) => 'transaction' in request && request.transaction)).toEqual([0n, 1n, 0n]);
  });
});

describe('a reset', () => {
  it('is seen on the request that asks for it', async () => {
    await new Promise<void>((done, fail) => connection.reset((e) => (e ? fail(e) : done())));
    await ask(connection, 'SELECT 1');
    expect(server.requests.map(({ reset }) => reset)).toEqual([true, false]);
  });
});
