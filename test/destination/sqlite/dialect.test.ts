import { describe, expect, it } from 'vitest';
import { affinity, keeps } from '../../../src/destination/sqlite/affinity.ts';
import { bindCells } from '../../../src/destination/sqlite/bind.ts';
import { sqliteDialect } from '../../../src/destination/sqlite/dialect.ts';
import { relation } from '../../support/relations.ts';
import { create, database } from './database.ts';

const column = (type: string, collation: string | null = null) => ({
  name: 'c',
  type,
  collation,
  nullable: true,
  hasDefault: false,
  generated: false,
});

describe('names', () => {
  it('of tables outside the default schema carry the schema', () => {
    expect(sqliteDialect.place({ schema: 'sales', name: 'or"der' }).sql).toBe('"sales__or""der"');
    expect(sqliteDialect.place({ schema: null, name: 'orders' }).sql).toBe('"orders"');
  });

  it('are the same for SQLite where only ASCII case differs', () => {
    expect(sqliteDialect.sameName('Id', 'ID')).toBe(true);
    expect(sqliteDialect.sameName('É', 'é')).toBe(false);
  });

  it('of columns that collide make the table unsuitable', () => {
    const table = relation('t', ['id int4', 'Id text'], ['id']);
    expect(() => sqliteDialect.codecs(table)).toThrow(/Id/);
  });

  it.each([
    ['no column', relation('t', [], 'none')],
    ['a reserved name', relation('sqlite_x', ['id int4'], ['id'])],
    ['no name left for its rows', relation('t', ['rowid int4', '_ROWID_ int4', 'oid int4'], 'row')],
  ])('a table with %s is unsuitable', (_, table) => {
    expect(() => sqliteDialect.codecs(table)).toThrow(expect.objectContaining({ code: 'TABLE_UNSUITABLE' }));
  });
});

describe('an existing column', () => {
  it.each([
    ['INTEGER', 'INTEGER', null],
    ['bigint', 'INTEGER', null],
    ['numeric', 'INTEGER', null],
    ['text', 'INTEGER', 'INTEGER is needed'],
    ['varchar(20)', 'TEXT', null],
    ['', 'TEXT', null],
    ['uuid', 'TEXT', 'TEXT is needed'],
    ['string', 'TEXT', 'TEXT is needed'],
    ['json', 'TEXT', 'TEXT is needed'],
    ['double precision', 'REAL', null],
    ['decimal(10,2)', 'REAL', 'REAL is needed'],
    ['anything', 'BLOB', null],
  ])('declared %j fits %s: %s', (declared, wanted, problem) => {
    const codec = { ...codecOf('text'), ddl: wanted };
    const misfit = sqliteDialect.misfit(column(declared), codec, false);
    if (problem === null) expect(misfit).toBeNull();
    else expect(misfit).toContain(problem);
  });

  it('that takes different keys for one is refused', () => {
    expect(sqliteDialect.misfit(column('text', 'NOCASE'), codecOf('text'), true)).toContain('NOCASE');
    expect(sqliteDialect.misfit(column('text', 'NOCASE'), codecOf('text'), false)).toBeNull();
  });
});

function codecOf(type: string) {
  const [codec] = sqliteDialect.codecs(relation('t', [`c ${type}`], 'none'));
  if (!codec) throw new Error('no codec');
  return codec;
}

it('affinity is decided as SQLite decides it', async () => {
  const declared = [
    'INT8',
    'CHARINT',
    'NCHAR(3)',
    'CLOB',
    'BLOB',
    '',
    'DOUBLE',
    'FLOATING POINT',
    'STRING',
    'UUID',
    'JSON',
  ];
  const session = await database().open();
  await session.run(`CREATE TABLE a (${declared.map((type, i) => `c${i} ${type}`).join(', ')})`);
  await session.run(`INSERT INTO a VALUES (${declared.map(() => "'1.0'").join(', ')})`);
  const [found] = await session.rows(`SELECT ${declared.map((_, i) => `typeof(c${i})`).join(', ')} FROM a`);
  const stored = { INTEGER: 'integer', NUMERIC: 'integer', TEXT: 'text', BLOB: 'text', REAL: 'real' };
  expect(found).toEqual(declared.map((type) => stored[affinity(type)]));
  expect(keeps('NUMERIC', 'TEXT')).toBe(false);
});

it('gives an added column the default in existing rows, quotes and all', async () => {
  const session = await database().open();
  const before = relation('t', ['id int4'], ['id']);
  const target = await create(session, before);
  await session.run(`INSERT INTO ${target.place.sql} VALUES (1)`);
  const fills = {
    'a int4': '-5',
    'b text': 'it\'s \\ "x"',
    'c bytea': '\\x00ff',
    'd bool': 't',
    'e float8': 'NaN',
    'f float8': '0.1',
  };
  const after = relation('t', ['id int4', ...Object.keys(fills)], ['id']);
  const codecs = sqliteDialect.codecs(after);
  for (const [i, fill] of Object.values(fills).entries()) {
    const [added, codec] = [after.columns[i + 1], codecs[i + 1]];
    if (added && codec)
      await session.runLong(sqliteDialect.addColumn(sqliteDialect.place(after.target), added.name, codec, fill));
  }
  expect(await session.rows('SELECT a, b, c, d, e, f FROM t')).toEqual([
    ['-5', 'it\'s \\ "x"', '00ff', '1', 'NaN', '0.1'],
  ]);
});

it('binds marked parameters as numbers and no others, whatever names hold', () => {
  const [real] = sqliteDialect.codecs(relation('t', ['r float8'], 'none'));
  if (!real) throw new Error('no codec');
  const sql = `SELECT "a?" FROM t WHERE a = ${sqliteDialect.param(1)} AND b = '?' AND r = ${sqliteDialect.bound(real, 2)}`;
  expect(bindCells(sql, ['1', '0.5'])).toEqual(['1', 0.5]);
  expect(bindCells(sql, ['1', 'NaN'])).toEqual(['1', 'NaN']);
});

it('describes keys, unique indexes, generated columns and triggers', async () => {
  const { engine, open } = database();
  const session = await open();
  await session.run(
    `CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE COLLATE NOCASE, c AS (a + 1), d REAL NOT NULL DEFAULT 1)`,
  );
  await session.run('CREATE UNIQUE INDEX partly ON t (d) WHERE d > 0');
  await session.run('CREATE TRIGGER noise AFTER INSERT ON t BEGIN SELECT 1; END');
  const found = await engine.describe(session, sqliteDialect.place({ schema: null, name: 'T' }));
  expect(found?.uniques).toEqual([
    { name: 'primary key', columns: ['a'], primary: true },
    { name: 'partly', columns: [], primary: false },
    { name: 'sqlite_autoindex_t_1', columns: ['b'], primary: false },
  ]);
  expect(found?.columns.map(({ generated }) => generated)).toEqual([false, false, true, false]);
  expect(found?.columns[1]?.collation).toBe('NOCASE');
  expect(found?.columns[3]).toMatchObject({ type: 'real', nullable: false, hasDefault: true });
  expect(found?.triggers).toEqual(['noise']);
});

it('refuses to take a view for a table', async () => {
  const { engine, open } = database();
  const session = await open();
  await session.run('CREATE VIEW v AS SELECT 1 AS a');
  const described = engine.describe(session, sqliteDialect.place({ schema: null, name: 'v' }));
  await expect(described).rejects.toMatchObject({ code: 'TABLE_MISMATCH' });
});
