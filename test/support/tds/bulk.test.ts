import { type BulkLoad, type Connection, TYPES } from 'tedious';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { login } from './client.ts';
import { error } from './reply.ts';
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

type Rows = Parameters<Connection['execBulkLoad']>[1];

function load(declare: (bulk: BulkLoad) => void, rows: Rows): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const bulk = connection.newBulkLoad('[#stage]', (failure, count) => (failure ? reject(failure) : resolve(count)));
    declare(bulk);
    connection.execBulkLoad(bulk, rows);
  });
}

const COLUMNS = [
  ['c1', TYPES.BigInt, { nullable: false }, 'bigint'],
  ['c2', TYPES.NVarChar, { length: Infinity }, 'nvarchar(max)'],
  ['c3', TYPES.VarBinary, { length: Infinity }, 'varbinary(max)'],
  ['c4', TYPES.NVarChar, { length: 50 }, 'nvarchar(50)'],
  ['c5', TYPES.Float, {}, 'float'],
  ['c6', TYPES.UniqueIdentifier, {}, 'uniqueidentifier'],
  ['c7', TYPES.Int, {}, 'int'],
  ['c8', TYPES.Bit, {}, 'bit'],
  ['c9', TYPES.VarBinary, { length: 20 }, 'varbinary(20)'],
] as const;

const declare = (bulk: BulkLoad): void => {
  for (const [name, type, options] of COLUMNS) bulk.addColumn(name, type, { nullable: true, ...options });
};

const ID = '00112233-4455-6677-8899-AABBCCDDEEFF';

function row(n: number): unknown[] {
  if (n % 3 === 0) return [BigInt(n), ...Array<null>(8).fill(null)];
  const bytes = Buffer.alloc(n % 50, n);
  return [BigInt(n), `ü€𝄞 ${n}`.repeat(n % 7), bytes, `row ${n}`, n / 7, ID, n, n % 2 === 0, bytes.subarray(0, 20)];
}

describe('a bulk load', () => {
  it('brings 10,000 rows with every value and every NULL', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => row(n));
    expect(await load(declare, rows)).toBe(10_000);
    const [batch, bulk] = server.requests;
    expect(batch).toMatchObject({
      kind: 'batch',
      text: expect.stringMatching(/^insert bulk \[#stage\]\(\[c1\] bigint, \[c2\] nvarchar\(max\), /),
    });
    if (bulk?.kind !== 'bulk') throw new Error('no bulk load came');
    expect(bulk.columns).toEqual(
      COLUMNS.map(([name, , options, type]) => ({ name, type, nullable: !('nullable' in options) })),
    );
    expect(bulk.rows).toEqual(rows);
  });

  it('brings values larger than a packet', async () => {
    const large = [[1n, 'ü'.repeat(100_000), Buffer.alloc(300_000, 9), ...Array<null>(6).fill(null)]];
    await load(declare, large);
    expect(server.requests.at(-1)).toMatchObject({ kind: 'bulk', rows: large });
  });

  it('is read when it comes without a row', async () => {
    expect(await load(declare, [])).toBe(0);
    expect(server.requests.at(-1)).toEqual({ kind: 'bulk', connection: 1, reset: false, columns: [], rows: [] });
  });

  it('can fail after its rows were sent, and the connection goes on', async () => {
    server.respond = ({ kind }) => kind === 'bulk' && error(1205, 'deadlock');
    await expect(load(declare, [row(1)])).rejects.toMatchObject({ number: 1205 });
    server.respond = () => null;
    expect(await load(declare, [row(1), row(2)])).toBe(2);
  });

  it('can be refused before its rows are sent', async () => {
    server.respond = ({ kind }) => kind === 'batch' && error(208, 'no such table');
    await expect(load(declare, [row(1)])).rejects.toMatchObject({ number: 208 });
    expect(server.requests.map(({ kind }) => kind)).toEqual(['batch']);
  });
});
