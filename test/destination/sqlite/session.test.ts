import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { expect, it } from 'vitest';
import { UNCHANGED } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';
import { create, database } from './database.ts';

const orders = () => relation('orders', ['id int8', 'no text', 'total numeric'], ['id']);
const rows = (count: number) => Array.from({ length: count }, (_, i) => [`${i}`, `no ${i}`, '1.10']);

it('lets timers run while a big batch is written', async () => {
  const session = await database().open();
  const target = await create(session, orders());
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await session.begin();
  await session.write({ kind: 'upsert', target, rows: rows(60_000) });
  const during = ticks;
  await session.commit();
  clearInterval(timer);
  expect(during).toBeGreaterThan(3);
});

it('shows another process nothing of an open transaction, and all of it once committed', async () => {
  const { file, open } = database();
  const session = await open();
  const target = await create(session, orders());
  const count = () => countElsewhere(file, 'orders');
  await session.begin();
  await session.write({ kind: 'insert', target, rows: rows(50_000) });
  expect(await count()).toBe('0');
  await session.commit();
  expect(await count()).toBe('50000');
});

/** Counts in a process of its own: within one, SQLite's locks are not what they are between two. */
async function countElsewhere(file: string, table: string): Promise<string> {
  const script = `const Database = require('libsql');
    const db = new Database(${JSON.stringify(file)});
    process.stdout.write(String(db.prepare('SELECT count(*) n FROM ${table}').get().n));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  return output;
}

it('waits for another writer without blocking, and goes on when that one is done', async () => {
  const { open } = database();
  const [first, second] = [await open(), await open()];
  const target = await create(first, orders());
  await first.begin();
  let begun = false;
  const waiting = second.begin().then(() => {
    begun = true;
  });
  await first.write({ kind: 'upsert', target, rows: rows(1000) });
  expect(begun).toBe(false);
  await first.commit();
  await waiting;
  expect(await second.rows('SELECT count(*) FROM orders')).toEqual([['1000']]);
  await second.rollback();
});

it('gives its lock back when closed in the middle of a transaction', async () => {
  const { open } = database();
  const [first, second] = [await open(), await open()];
  const target = await create(first, orders());
  await first.begin();
  await first.write({ kind: 'upsert', target, rows: rows(10) });
  await first.close();
  await second.begin();
  expect(await second.rows('SELECT count(*) FROM orders')).toEqual([['0']]);
  await second.rollback();
});

it('writes nothing more once closed in the middle of a write', async () => {
  const { open } = database();
  const [first, second] = [await open(), await open()];
  const target = await create(first, orders());
  await first.begin();
  const writing = first.write({ kind: 'upsert', target, rows: rows(60_000) });
  await first.close();
  await expect(writing).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  expect(await second.rows('SELECT count(*) FROM orders')).toEqual([['0']]);
  await expect(first.begin()).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
});

it('ends the read of a scan that is left early', async () => {
  const { open } = database();
  const [reader, writer] = [await open(), await open()];
  const target = await create(writer, orders());
  await writer.begin();
  await writer.write({ kind: 'upsert', target, rows: rows(5000) });
  await writer.commit();
  for await (const chunk of reader.scan('SELECT id FROM orders', new AbortController().signal)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await writer.run("UPDATE orders SET no = 'x'");
  const [checkpoint] = await writer.rows('PRAGMA wal_checkpoint(TRUNCATE)');
  expect(checkpoint?.[0], 'busy').toBe('0');
  expect(await reader.rows('SELECT count(*) FROM orders')).toEqual([['5000']]);
});

it('fails a scan when closed under it, and holds nothing', async () => {
  const { open } = database();
  const [reader, writer] = [await open(), await open()];
  const target = await create(writer, orders());
  await writer.begin();
  await writer.write({ kind: 'upsert', target, rows: rows(5000) });
  await writer.commit();
  const scanned = (async () => {
    for await (const _ of reader.scan('SELECT id FROM orders', new AbortController().signal)) await reader.close();
  })();
  await expect(scanned).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  await writer.run("UPDATE orders SET no = 'x'");
  expect((await writer.rows('PRAGMA wal_checkpoint(TRUNCATE)'))[0]?.[0], 'busy').toBe('0');
});

it('scans every row once, in chunks', async () => {
  const session = await database().open();
  const target = await create(session, orders());
  await session.begin();
  await session.write({ kind: 'insert', target, rows: rows(1234) });
  await session.commit();
  const seen: (string | null | undefined)[] = [];
  let chunks = 0;
  for await (const chunk of session.scan('SELECT id FROM orders ORDER BY id', new AbortController().signal)) {
    seen.push(...chunk.map(([id]) => id));
    chunks++;
  }
  expect(seen).toEqual(rows(1234).map(([id]) => id));
  expect(chunks).toBeGreaterThan(1);
});

it('creates no file by looking', async () => {
  const { file, engine, open } = database();
  expect((await engine.connect()).product).toBe('SQLite');
  const session = await open();
  expect(await engine.describe(session, { schema: null, name: 'orders', sql: '"orders"' })).toBeNull();
  expect(existsSync(file)).toBe(false);
});

it('sees what another session has created since', async () => {
  const { open } = database();
  const [reader, writer] = [await open(), await open()];
  expect(await reader.rows('SELECT count(*) FROM sqlite_master')).toEqual([['0']]);
  await create(writer, orders());
  expect(await reader.rows('SELECT count(*) FROM orders')).toEqual([['0']]);
});

it('stops when its file is taken away: what it would write nobody would ever read', async () => {
  const { file, open } = database();
  const session = await open();
  await create(session, orders());
  renameSync(file, `${file}.away`);
  await expect(session.begin()).rejects.toMatchObject({ code: 'DESTINATION_UNSUITABLE' });
});

it('names the row that the destination refuses, even within a multi-row statement', async () => {
  const session = await database().open();
  const target = await create(session, orders());
  await session.run('CREATE UNIQUE INDEX orders_no ON orders (no)');
  await session.begin();
  const among = rows(40).map((row) => (row[0] === '20' ? ['20', 'no 7', null] : row));
  const refused = session.write({ kind: 'upsert', target, rows: among });
  await expect(refused).rejects.toMatchObject({ code: 'VALUE_REFUSED', message: expect.stringContaining("id = '20'") });
  await session.rollback();
});

it('inserts what a whole patch does not find, and refuses an incomplete one', async () => {
  const session = await database().open();
  const target = await create(session, orders());
  await session.begin();
  await session.write({ kind: 'patch', target, patches: [{ key: ['1'], after: ['2', 'a', '1.0'] }] });
  const incomplete = session.write({
    kind: 'patch',
    target,
    patches: [{ key: ['3'], after: ['3', UNCHANGED, '1.0'] }],
  });
  await expect(incomplete).rejects.toMatchObject({ code: 'VALUE_UNAVAILABLE' });
  await session.commit();
  expect(await session.rows('SELECT id, no, total FROM orders')).toEqual([['2', 'a', '1.0']]);
});

it('changes one of several equal rows, although a column is called rowid', async () => {
  const session = await database().open();
  const target = await create(session, relation('log', ['rowid int4', 'note text'], 'row'));
  await session.begin();
  await session.write({ kind: 'insert', target, rows: Array(3).fill(['7', null]) });
  await session.write({ kind: 'deleteOne', target, rows: [['7', null]] });
  await session.write({ kind: 'patchOne', target, patches: [{ key: ['7', null], after: ['7', 'x'] }] });
  await session.commit();
  expect(await session.rows('SELECT "rowid", note FROM log ORDER BY note')).toEqual([
    ['7', null],
    ['7', 'x'],
  ]);
});

it('compares keyless rows byte by byte, whatever collation a column has', async () => {
  const session = await database().open();
  const target = await create(session, relation('words', ['w text'], 'row'));
  await session.run('DROP TABLE words');
  await session.run('CREATE TABLE words (w TEXT COLLATE NOCASE)');
  await session.begin();
  await session.write({ kind: 'insert', target, rows: [['A'], ['a']] });
  await session.write({ kind: 'deleteOne', target, rows: [['a']] });
  await session.commit();
  expect(await session.rows('SELECT w FROM words')).toEqual([['A']]);
});
