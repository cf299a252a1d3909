import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { mysqlDialect } from '../../../src/destination/mysql/dialect.ts';
import { loadSql, loads, onlyThis } from '../../../src/destination/mysql/load.ts';
import { guessedServer } from '../../../src/destination/mysql/server.ts';
import { relation } from '../../support/relations.ts';

const dialect = mysqlDialect(guessedServer('MariaDB'));
const table = relation('t', ['id int4', 'raw bytea', 'note text'], ['id']);
const target = {
  relation: table,
  place: dialect.place(table.target),
  codecs: dialect.codecs(table),
  columns: ['`id`', '`raw`', '`note`'],
  ordered: null,
  bare: true,
  furtherUnique: false,
};

it('hands out the load in progress, once, and no file that a server asks for', async () => {
  const factory = onlyThis([Buffer.from('a\n'), Buffer.from('b\n')]);
  await expect(text(factory('/etc/passwd'))).rejects.toThrow('/etc/passwd');
  expect(await text(factory('pg2any'))).toBe('a\nb\n');
  await expect(text(factory('pg2any'))).rejects.toThrow('pg2any');
});

it('sends bytes in hexadecimal through a variable', () => {
  expect(loadSql(target, true)).toBe(
    String.raw`LOAD DATA LOCAL INFILE 'pg2any' REPLACE INTO TABLE ${'`t`'} CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n' (${'`id`'}, @v1, ${'`note`'}) SET ${'`raw`'} = UNHEX(@v1)`,
  );
});

it('escapes what would end a field or a line, and tells NULL from text that looks like it', () => {
  const [load] = [
    ...loads(
      target,
      [
        ['1', '\\x00ff', 'a\tb\\N\n\r'],
        ['2', null, '\\N'],
      ],
      1_000_000,
    ),
  ];
  expect(Buffer.concat(load?.pieces ?? []).toString()).toBe('1\t00ff\ta\\tb\\\\N\\n\\r\n2\t\\N\t\\\\N\n');
});

it('cuts many rows into loads of bounded size that together hold every row once', () => {
  const rows = Array.from({ length: 100 }, (_, i) => [`${i}`, null, 'x'.repeat(200_000)]);
  const all = [...loads(target, rows, 16_000_000)];
  expect(all.flatMap((load) => [...load.rows])).toEqual(rows);
  expect(Math.max(...all.map(({ pieces }) => Buffer.concat(pieces).length))).toBeLessThan(5_000_000);
  expect(
    Buffer.concat(all.flatMap((load) => load.pieces))
      .toString()
      .split('\n'),
  ).toHaveLength(101);
});

it('refuses a value before any byte of its load is handed out', () => {
  expect(() => [
    ...loads(
      target,
      [
        ['1', null, 'a'],
        ['x', null, 'b'],
      ],
      1_000_000,
    ),
  ]).toThrow(/MALFORMED/);
});
