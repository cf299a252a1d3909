import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/destination/sqlite/engine.ts';
import { sqliteError } from '../../../src/destination/sqlite/errors.ts';
import { fileOf } from '../../../src/destination/sqlite/location.ts';
import { folder, sqliteUrl } from './database.ts';

describe('the file of a URL', () => {
  it.each([
    ['sqlite:///var/lib/shop.db', '/var/lib/shop.db'],
    ['sqlite:shop.db', '/work/shop.db'],
    ['sqlite:./data/shop.db', '/work/data/shop.db'],
    ['sqlite://data/Shop.db', '/work/data/Shop.db'],
    ['sqlite:///with%20space/%C3%A9.db', '/with space/é.db'],
  ])('%s is %s', (url, file) => {
    expect(fileOf(new URL(url), '/work')).toBe(file);
  });

  it.each(['sqlite:', 'sqlite:///', 'sqlite::memory:'])('%s names none', (url) => {
    expect(() => fileOf(new URL(url), '/work')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

const connect = (file: string) => openSqlite({ url: sqliteUrl(file) }).connect();

describe('a file that cannot be a destination', () => {
  it('in a folder that does not exist is refused by the name of the folder', async () => {
    const missing = join(folder(), 'missing');
    await expect(connect(join(missing, 'x.db'))).rejects.toMatchObject({
      code: 'DESTINATION_UNSUITABLE',
      message: expect.stringContaining(`the folder ${missing} does not exist`),
    });
  });

  it('that is a folder is refused', async () => {
    const path = join(folder(), 'sub');
    mkdirSync(path);
    await expect(connect(path)).rejects.toMatchObject({ code: 'DESTINATION_UNSUITABLE' });
  });

  it('that is no database is refused, with advice', async () => {
    const file = join(folder(), 'notes.txt');
    writeFileSync(file, 'just text, and rather a lot of it. '.repeat(50));
    await expect(connect(file)).rejects.toMatchObject({
      code: 'DESTINATION_UNSUITABLE',
      hint: expect.stringContaining('CDC_DEST_URL'),
    });
  });
});

describe('an error of SQLite', () => {
  it.each([
    ['SQLITE_BUSY', 'database is locked', 'DESTINATION_BUSY'],
    ['SQLITE_FULL', 'database or disk is full', 'DESTINATION_FULL'],
    ['SQLITE_IOERR_WRITE', 'disk I/O error', 'DESTINATION_UNREACHABLE'],
    ['SQLITE_CONSTRAINT_NOTNULL', 'NOT NULL constraint failed: t.v', 'VALUE_REFUSED'],
    ['SQLITE_READONLY', 'attempt to write a readonly database', 'DESTINATION_PRIVILEGE'],
    ['SQLITE_CORRUPT', 'database disk image is malformed', 'DESTINATION_UNSUITABLE'],
    ['SQLITE_ERROR', 'no such table: t', 'TABLE_MISSING'],
    ['SQLITE_ERROR', 'table t has no column named x', 'TABLE_MISMATCH'],
    ['SQLITE_ERROR', 'near "selec": syntax error', 'DESTINATION_FAILED'],
  ])('%s (%s) is %s', (code, message, expected) => {
    expect(sqliteError(Object.assign(new Error(message), { code }), 'public.t').code).toBe(expected);
  });
});
