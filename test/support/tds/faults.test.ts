import { type BulkLoad, type Connection, TYPES } from 'tedious';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../wait.ts';
import { ask, login } from './client.ts';
import { count, cut, dropped, error, info, rows } from './reply.ts';
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

const COLUMN = [{ name: 'x', type: 'int' }] as const;
const lost = { code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) };

function* many(): Generator<unknown[]> {
  for (let n = 0; n < 20_000; n++) yield [n, 'x'.repeat(100)];
}

interface Load {
  readonly bulk: BulkLoad;
  readonly done: Promise<number | undefined>;
}

function startLoad(rowsOf: Iterable<unknown[]> = many()): Load {
  let settle: (failure: Error | undefined | null, loaded?: number) => void = () => undefined;
  const done = new Promise<number | undefined>((resolve, reject) => {
    settle = (failure, loaded) => (failure ? reject(failure) : resolve(loaded));
  });
  const bulk = connection.newBulkLoad('#stage', (failure, loaded) => settle(failure, loaded));
  bulk.addColumn('c1', TYPES.Int, { nullable: false });
  bulk.addColumn('c2', TYPES.NVarChar, { length: Number.POSITIVE_INFINITY, nullable: true });
  connection.execBulkLoad(bulk, rowsOf as never);
  return { bulk, done };
}

describe('a connection', () => {
  it('is lost before the answer', async () => {
    server.respond = () => dropped();
    await expect(ask(connection, 'SELECT 1')).rejects.toMatchObject(lost);
    expect(server.texts).toEqual(['SELECT 1']);
    await until(() => server.connections === 0);
    expect(server.received.at(-1)).toEqual({ kind: 'closed', connection: 1 });
  });

  it('is lost in the middle of the answer', async () => {
    server.respond = () => cut([rows(COLUMN, ...Array.from({ length: 5000 }, (_, n) => [n]))], 20_000);
    await expect(ask(connection, 'SELECT x')).rejects.toMatchObject(lost);
  });

  it('is lost after the whole answer', async () => {
    server.respond = () => cut([count(3)]);
    expect(await ask(connection, 'DELETE t')).toEqual({ rowCount: 3, rows: [] });
    await until(() => server.connections === 0);
  });

  it('is lost by all at once', async () => {
    const waiting = ask(connection, 'SELECT 1');
    server.respond = () => new Promise(() => undefined);
    await until(() => server.requests.length === 1);
    server.drop();
    await expect(waiting).rejects.toMatchObject(lost);
  });

  it.each(['reset', 'end'] as const)('is lost while a bulk load is coming: %s', async (how) => {
    server.interrupt('bulk', 100_000, how);
    await expect(startLoad().done).rejects.toMatchObject(lost);
    expect(server.received).toContainEqual({
      kind: 'interrupted',
      connection: 1,
      of: 'bulk',
      bytes: expect.any(Number),
    });
    expect(server.requests.map(({ kind }) => kind)).toEqual(['batch']);
  });

  it('stays open without anybody reading', async () => {
    server.interrupt('bulk', 100_000, 'stall');
    const { done } = startLoad();
    await until(() => server.received.some(({ kind }) => kind === 'interrupted'));
    expect(server.connections).toBe(1);
    connection.close();
    await expect(done).rejects.toMatchObject({ code: 'ECLOSE' });
  });

  it('may be dropped instead of a greeting', async () => {
    server.admit = () => ({ drop: 'reset' });
    await expect(login({ port: server.port })).rejects.toMatchObject({ code: 'ESOCKET' });
  });
});

describe('an answer', () => {
  it('waits until the test lets it go', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.respond = async () => {
      await released;
      return count(1);
    };
    const order: string[] = [];
    const answer = ask(connection, 'SELECT 1').then(() => order.push('answered'));
    await until(() => server.requests.length === 1);
    order.push('asked');
    release();
    await answer;
    expect(order).toEqual(['asked', 'answered']);
  });

  it('may have several errors', async () => {
    server.respond = () => [error(2627, 'duplicate'), error(3621, 'terminated')];
    await expect(ask(connection, 'INSERT t')).rejects.toMatchObject({
      errors: [{ number: 2627 }, { number: 3621 }],
    });
  });

  it('may have several statements, and an error after the first', async () => {
    server.respond = () => [rows(COLUMN, [1]), count(2), error(8134, 'division by zero')];
    const seen: unknown[] = [];
    const asked = ask(connection, 'SELECT', 'execSqlBatch', (request) => request.on('done', (n) => seen.push(n)));
    await expect(asked).rejects.toMatchObject({ number: 8134 });
    expect(seen).toEqual([1, 2, undefined]);
  });

  it('may have messages', async () => {
    const messages: string[] = [];
    connection.on('infoMessage', ({ number, message }) => messages.push(`${number} ${message}`));
    server.respond = () => [info(50000, 'careful'), count(1)];
    expect((await ask(connection, 'PRINT')).rowCount).toBe(1);
    expect(messages).toEqual(['50000 careful']);
  });
});

describe('a cancelled request', () => {
  it('is answered with the acknowledgement that the client waits for, and the connection goes on', async () => {
    server.respond = () => new Promise(() => undefined);
    let cancel: () => void = () => undefined;
    const waiting = ask(connection, 'WAITFOR', 'execSqlBatch', (request) => {
      cancel = () => request.cancel();
    });
    await until(() => server.requests.length === 1);
    cancel();
    await expect(waiting).rejects.toMatchObject({ code: 'ECANCEL' });
    expect(server.received.at(-1)).toEqual({ kind: 'attention', connection: 1 });
    server.respond = () => count(2);
    expect(await ask(connection, 'DELETE t')).toMatchObject({ rowCount: 2 });
  });

  it('is acknowledged after a timeout as well', async () => {
    server.respond = () => new Promise(() => undefined);
    const waiting = ask(connection, 'WAITFOR', 'execSqlBatch', (request) => request.setTimeout(20));
    await expect(waiting).rejects.toMatchObject({ code: 'ETIMEOUT' });
    server.respond = () => null;
    await ask(connection, 'SELECT 1');
    expect(server.received.map(({ kind }) => kind).slice(3)).toEqual(['batch', 'attention', 'batch']);
  });

  it('is taken back when its last packet had not been sent', async () => {
    let cancel: () => void = () => undefined;
    function* canceledOnTheWay(): Generator<unknown[]> {
      for (const row of many()) {
        if (row[0] === 10_000) cancel();
        yield row;
      }
    }
    const { bulk, done } = startLoad(canceledOnTheWay());
    cancel = () => bulk.cancel();
    await expect(done).rejects.toMatchObject({ code: 'ECANCEL' });
    expect(server.received.at(-1)).toMatchObject({ kind: 'ignored', of: 'bulk' });
    await ask(connection, 'SELECT 1');
  });
});

describe('a mistake on this side', () => {
  it('is thrown when the server closes', async () => {
    const other = await TdsServer.start({
      respond: () => {
        throw new Error('wrong script');
      },
    });
    const open = await login({ port: other.port });
    await expect(ask(open, 'SELECT 1')).rejects.toMatchObject(lost);
    open.close();
    await expect(other.close()).rejects.toThrow('the TDS server failed: Error: wrong script');
  });
});
