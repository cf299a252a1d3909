import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Step } from '../../../src/destination/contract.ts';
import { readAddress } from '../../../src/destination/sqlserver/address.ts';
import { connect } from '../../../src/destination/sqlserver/connection.ts';
import { SqlServerSession } from '../../../src/destination/sqlserver/session.ts';
import { type Row, UNCHANGED, type Value } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';
import type { Bulk, Request } from '../../support/tds/received.ts';
import { count, error, rows } from '../../support/tds/reply.ts';
import { script } from '../../support/tds/script.ts';
import { TdsServer } from '../../support/tds/server.ts';
import { targetFor } from './targets.ts';

const item = targetFor(
  relation(
    'item',
    ['id int8', 'name text', 'price numeric', 'at timestamptz', 'raw bytea', 'ok bool', 'f float8', 'u uuid'],
    ['id'],
  ),
);
const U = '00112233-4455-6677-8899-aabbccddeeff';
const row = (id: number): Row => [
  String(id),
  `näme ${id} 😀`,
  '12345678901234567.123456789',
  '2024-01-02 03:04:05.123456+00',
  '\\x00ff',
  id % 2 === 0 ? 't' : 'f',
  '0.1',
  U,
];
const many = (length: number): Row[] => Array.from({ length }, (_, i) => row(i + 1));
const missing = rows([{ name: 'i', type: 'int' }], [0]);

describe('rows written to SQL Server', () => {
  let server: TdsServer;
  let session: SqlServerSession;

  const perform = async (...steps: Step[]): Promise<void> => {
    await session.begin();
    for (const step of steps) await session.write(step);
    await session.commit();
  };
  const asked = (): Request[] =>
    server.requests.filter((one) => one.kind !== 'batch' || !/^SET XACT|TableHasIdentity/.test(one.text));
  const texts = (): string[] =>
    asked().flatMap((one) => (one.kind === 'batch' ? [one.text.replace(/^IF @@TRANCOUNT.*\n/, '')] : []));
  const bulks = (): Bulk[] => asked().filter((one): one is Bulk => one.kind === 'bulk');

  beforeEach(async () => {
    server = await TdsServer.start();
    const address = readAddress(new URL(`sqlserver://me:secret@127.0.0.1:${server.port}/shop?encrypt=false`));
    session = new SqlServerSession(await connect(address, 5000, 'pg2any:test'), address.shown, 5000);
  });
  afterEach(async () => {
    await session.close();
    await server.close();
  });

  it('travel by a bulk load, each value as it is or as text that the server converts', async () => {
    await perform({ kind: 'upsert', target: item, rows: many(6) });
    const [bulk] = bulks();
    expect(bulk?.columns.map(({ type }) => type)).toEqual([
      'bigint',
      'nvarchar(max)',
      'nvarchar(42)',
      'nvarchar(40)',
      'varbinary(max)',
      'bit',
      'float',
      'uniqueidentifier',
    ]);
    expect(bulk?.rows).toHaveLength(6);
    expect(bulk?.rows[1]).toEqual([
      2n,
      'näme 2 😀',
      '12345678901234567.123456789',
      '2024-01-02 03:04:05.123456 +00:00',
      Buffer.from('00ff', 'hex'),
      true,
      0.1,
      U.toUpperCase(),
    ]);
    expect(texts()).toEqual([
      'BEGIN TRANSACTION;',
      expect.stringMatching(/^IF OBJECT_ID\(N'tempdb..#pg2any_1'\) IS NULL CREATE TABLE #pg2any_1/),
      expect.stringMatching(/^insert bulk #pg2any_1\(/),
      expect.stringMatching(/^UPDATE t SET .*\nINSERT INTO .* WHERE NOT EXISTS .*\nTRUNCATE TABLE #pg2any_1;$/),
      'COMMIT TRANSACTION;',
    ]);
  });

  it('keep their staging table, one for each table', async () => {
    await perform(
      { kind: 'upsert', target: item, rows: many(6) },
      { kind: 'delete', target: item, keys: many(6).map(([id]) => [id ?? '']) },
    );
    expect(texts().filter((text) => text.includes('CREATE TABLE'))).toHaveLength(1);
    expect(bulks()[1]?.columns.map(({ name }) => name)).toEqual(['c1']);
  });

  it('make their staging table again after a rollback, which takes it away', async () => {
    await session.begin();
    await session.write({ kind: 'upsert', target: item, rows: many(6) });
    await session.rollback();
    await perform({ kind: 'upsert', target: item, rows: many(6) });
    expect(texts().filter((text) => text.includes('CREATE TABLE'))).toHaveLength(2);
  });

  it('are one for each key, the last, where a key comes twice', async () => {
    await perform({ kind: 'upsert', target: item, rows: [...many(6), ['3', 'later', ...row(3).slice(2)]] });
    expect(bulks()[0]?.rows.map(([id, name]) => [id, name])).toContainEqual([3n, 'later']);
    expect(bulks()[0]?.rows).toHaveLength(6);
  });

  it('that are few go as parameters, many statements to a request', async () => {
    await perform({ kind: 'upsert', target: item, rows: many(2) });
    const calls = asked().filter((one) => one.kind === 'rpc');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ name: 'sp_executesql' });
    expect(calls[0]?.kind === 'rpc' && calls[0].params.map(({ type }) => type).slice(0, 4)).toEqual([
      'bigint',
      'nvarchar(max)',
      'nvarchar(42)',
      'nvarchar(40)',
    ]);
    expect(bulks()).toEqual([]);
  });

  it('stay below the most parameters that a request may have', async () => {
    const wide = targetFor(
      relation('wide', ['id int4', ...Array.from({ length: 699 }, (_, i) => `c${i} int4`)], ['id']),
    );
    const one = (id: number): Row => [String(id), ...Array.from({ length: 699 }, () => '7')];
    await perform({ kind: 'upsert', target: wide, rows: [one(1), one(2), one(3)] });
    const sizes = asked().flatMap((request) => (request.kind === 'rpc' ? [request.params.length] : []));
    expect(sizes).toEqual([1400, 700]);
  });

  it('are refused before anything is sent where a value has no counterpart', async () => {
    await session.begin();
    const bad = many(6).map((one, i): Row => (i === 4 ? ['5', 'x', 'NaN', ...one.slice(3)] : one));
    await expect(session.write({ kind: 'upsert', target: item, rows: bad })).rejects.toMatchObject({
      code: 'VALUE_UNREPRESENTABLE',
      message: expect.stringContaining("public.item (id = '5')"),
    });
    expect(bulks()).toEqual([]);
  });

  it('name the row that the server refused, found in transactions that are rolled back', async () => {
    let staged: readonly (readonly unknown[])[] = [];
    server.respond = script(
      [
        'bulk',
        (request) => {
          staged = request.kind === 'bulk' ? request.rows : [];
          return null;
        },
      ],
      [
        /INSERT INTO/,
        () => (staged.some(([id]) => id === 17n) ? error(547, 'conflicted with a CHECK constraint') : count(1)),
      ],
    );
    await session.begin();
    await expect(session.write({ kind: 'upsert', target: item, rows: many(40) })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message: expect.stringMatching(/^public\.item \(id = '17'\): conflicted .*\(547\)$/),
    });
    const begun = texts().filter((text) => text === 'BEGIN TRANSACTION;').length;
    expect(texts().filter((text) => text.includes('ROLLBACK')).length).toBeGreaterThanOrEqual(begun);
    await expect(session.run('DELETE FROM t')).rejects.toMatchObject({ message: expect.stringContaining('is gone') });
  });

  it('set IDENTITY_INSERT where the table of the user has an IDENTITY', async () => {
    server.respond = script([/TableHasIdentity/, rows([{ name: 'has', type: 'int' }], [1])]);
    await perform({ kind: 'insert', target: item, rows: many(6) });
    expect(texts().find((text) => text.includes('INSERT INTO'))).toMatch(
      /^SET IDENTITY_INSERT \[dbo\]\.\[item\] ON;\nINSERT INTO .*\nSET IDENTITY_INSERT \[dbo\]\.\[item\] OFF;/,
    );
  });

  it('keep what an update did not send', async () => {
    const after = (id: number): Row => [
      String(id),
      'new',
      UNCHANGED,
      UNCHANGED,
      UNCHANGED,
      UNCHANGED,
      UNCHANGED,
      UNCHANGED,
    ];
    const patches = Array.from({ length: 8 }, (_, i) => ({ key: [String(i)], after: after(i) }));
    server.respond = script([/SELECT COUNT/, rows([{ name: 'n', type: 'int' }], [0])]);
    await perform({ kind: 'patch', target: item, patches });
    expect(bulks()[0]?.columns.map(({ name }) => name)).toEqual(['c1', 'c2']);
    expect(texts().find((text) => text.startsWith('UPDATE'))).toMatch(/^UPDATE t SET t\.\[name\] = s\.c2 FROM/);
  });

  const renamed = (id: number, name: string): Row => [String(id), name, ...Array<Value>(6).fill(UNCHANGED)];
  const patchesOf = (ids: readonly number[]) => ids.map((id) => ({ key: [String(id)], after: renamed(id, `n${id}`) }));

  it('are changed one by one, in order, where one is changed twice or the table keeps an order', async () => {
    await perform({ kind: 'patch', target: item, patches: patchesOf([1, 2, 3, 4, 5, 1]) });
    const ordered = { ...item, ordered: { reason: 'a trigger', shared: false } };
    await perform({ kind: 'patch', target: ordered, patches: patchesOf([1, 2, 3, 4, 5, 6]) });
    expect(bulks()).toEqual([]);
    expect(server.texts.join().match(/UPDATE t SET/g)).toHaveLength(12);
  });

  it('are changed one by one where the staged ones were not all there, which tells which', async () => {
    server.respond = script([/SELECT COUNT/, rows([{ name: 'n', type: 'int' }], [1])]);
    await perform({ kind: 'patch', target: item, patches: patchesOf([1, 2, 3, 4, 5, 6]) });
    expect(bulks()).toHaveLength(1);
    expect(server.texts.join().match(/UPDATE t SET/g)).toHaveLength(1 + 6);
  });

  it('are missed where the staging table has not got all of them', async () => {
    server.respond = script(['bulk', count(5)]);
    await session.begin();
    await expect(session.write({ kind: 'upsert', target: item, rows: many(6) })).rejects.toThrow(
      '5 of 6 rows arrived in the staging table',
    );
  });

  it('say that a value is unavailable where the row to change is not there', async () => {
    server.respond = script([/UPDATE t SET/, missing]);
    await session.begin();
    const after: Row = ['1', 'new', UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED];
    const step: Step = { kind: 'patch', target: item, patches: [{ key: ['1'], after }] };
    await expect(session.write(step)).rejects.toMatchObject({ code: 'VALUE_UNAVAILABLE' });
  });

  it('go out of tables that refer to each other in an order that no foreign key forbids', async () => {
    const [parent, child] = [
      targetFor(relation('parent', ['id int4'], ['id'])),
      targetFor(relation('child', ['id int4'], ['id'])),
    ];
    server.respond = script([
      /sys\.foreign_keys/,
      rows(
        [
          { name: 'a', type: 'int' },
          { name: 'b', type: 'int' },
        ],
        [1, 0],
        // a tree: it refers to itself
        [1, 1],
      ),
    ]);
    await perform({ kind: 'empty', targets: [parent, child] });
    expect(texts().filter((text) => text.startsWith('DELETE'))).toEqual([
      'DELETE FROM [dbo].[child];',
      'DELETE FROM [dbo].[parent];',
    ]);
  });
});
