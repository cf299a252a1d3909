import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAddress } from '../../../src/destination/sqlserver/address.ts';
import { connect } from '../../../src/destination/sqlserver/connection.ts';
import { SqlServerSession } from '../../../src/destination/sqlserver/session.ts';
import { dropped, error, rows } from '../../support/tds/reply.ts';
import { script } from '../../support/tds/script.ts';
import { TdsServer } from '../../support/tds/server.ts';

const GUARD = /^IF @@TRANCOUNT = 0 THROW 50000/;

describe('a session of SQL Server', () => {
  let server: TdsServer;
  let session: SqlServerSession;
  const open = async (timeoutMs = 5000) => {
    const address = readAddress(new URL(`sqlserver://me:secret@127.0.0.1:${server.port}/shop?encrypt=false`));
    session = new SqlServerSession(await connect(address, 5000, 'pg2any:test'), address.shown, timeoutMs);
  };
  const texts = () => server.texts.slice(1);

  beforeEach(async () => {
    server = await TdsServer.start();
    await open();
  });
  afterEach(async () => {
    await session.close();
    await server.close();
  });

  it('asks in each statement of a transaction whether that is still there', async () => {
    await session.begin();
    await session.run('UPDATE t SET a = @p1', ['x']);
    await session.commit();
    await session.run('UPDATE t SET a = 1');
    expect(texts()).toEqual([
      'BEGIN TRANSACTION;',
      expect.stringMatching(GUARD),
      'COMMIT TRANSACTION;',
      'UPDATE t SET a = 1',
    ]);
  });

  it('asks one thing after the other, however many ask at once', async () => {
    server.respond = script([/SELECT/, rows([{ name: 'a', type: 'int' }], [7])]);
    const answers = await Promise.all([
      session.rows('SELECT 1'),
      session.run('UPDATE t SET a = 1'),
      session.rows('SELECT 2'),
    ]);
    expect(answers).toEqual([[['7']], expect.any(Number), [['7']]]);
    expect(texts()).toEqual(['SELECT 1', 'UPDATE t SET a = 1', 'SELECT 2']);
  });

  it('lets nothing follow an error in a transaction but a rollback', async () => {
    server.respond = script([/UPDATE/, error(1205, 'deadlock victim')]);
    await session.begin();
    await expect(session.run('UPDATE t SET a = 1')).rejects.toMatchObject({ code: 'DESTINATION_BUSY' });
    await expect(session.run('DELETE FROM t')).rejects.toMatchObject({
      message: expect.stringContaining('transaction that is gone'),
    });
    await session.rollback();
    await session.run('DELETE FROM t');
    expect(texts().at(-1)).toBe('DELETE FROM t');
    expect(texts().filter((text) => text.includes('DELETE'))).toHaveLength(1);
  });

  it('sends parameters as text of one length, so that a statement keeps its plan', async () => {
    await session.rows('SELECT 1 WHERE a = @p1 AND b = @p2', ['x', null]);
    expect(server.requests.at(-1)).toMatchObject({
      kind: 'rpc',
      params: [
        { name: '@p1', type: 'nvarchar(4000)', value: 'x' },
        { name: '@p2', type: 'nvarchar(4000)', value: null },
      ],
    });
  });

  it('gives every value as text', async () => {
    server.respond = script([
      /SELECT/,
      rows(
        [
          { name: 'a', type: 'bigint' },
          { name: 'b', type: 'bit' },
          { name: 'c', type: 'varbinary' },
          { name: 'd', type: 'nvarchar' },
        ],
        [9007199254740993n, true, Buffer.from('00ff', 'hex'), null],
      ),
    ]);
    expect(await session.rows('SELECT a, b, c, d FROM t')).toEqual([['9007199254740993', '1', '00ff', null]]);
  });

  it('is cut when the server does not answer in time, which the driver would wait for', async () => {
    await session.close();
    await open(200);
    server.respond = () => new Promise(() => undefined);
    await expect(session.run('UPDATE t SET a = 1')).rejects.toMatchObject({
      code: 'DESTINATION_UNREACHABLE',
      message: expect.stringContaining('has not answered for 200 ms'),
    });
    await expect(session.run('UPDATE t SET a = 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  });

  it('rejects the call in hand when it is closed', async () => {
    server.respond = () => new Promise(() => undefined);
    const call = session.run('UPDATE t SET a = 1');
    await session.close();
    await expect(call).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  });

  it('is over when its connection is', async () => {
    server.respond = script([/UPDATE/, dropped()]);
    await expect(session.run('UPDATE t SET a = 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    await expect(session.begin()).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    await session.rollback();
  });

  it('ends the sessions of a token by the name of their program, where it may', async () => {
    const found = { kind: 'rows', columns: [{ name: 'session_id', type: 'smallint' }], rows: [[57]] } as const;
    let looks = 0;
    server.respond = script([/dm_exec_sessions/, () => (looks++ === 0 ? found : null)]);
    await session.evict('pg2any:other');
    expect(server.requests.at(0)).toMatchObject({ kind: 'batch' });
    expect(texts()).toContain('KILL 57');
    server.respond = script([/dm_exec_sessions/, error(300, 'VIEW SERVER STATE permission was denied')]);
    await session.evict('pg2any:other');
  });

  it('scans in chunks and holds the server back while nobody asks', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => [i]);
    server.respond = script([/SELECT/, { kind: 'rows', columns: [{ name: 'a', type: 'int' }], rows: many }]);
    const sizes: number[] = [];
    for await (const chunk of session.scan('SELECT a FROM t', new AbortController().signal)) sizes.push(chunk.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1200);
    expect(Math.max(...sizes)).toBeLessThan(1200);
    await session.run('UPDATE t SET a = 1');
  });

  it('ends with a scan that is given up', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => [i]);
    server.respond = script([/SELECT/, { kind: 'rows', columns: [{ name: 'a', type: 'int' }], rows: many }]);
    const stop = new AbortController();
    await expect(async () => {
      for await (const _ of session.scan('SELECT a FROM t', stop.signal)) stop.abort(new Error('enough'));
    }).rejects.toThrow('enough');
    await expect(session.run('UPDATE t SET a = 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  });
});
