import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
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

/** The rows of each load as it is sent. */
const sent = (rows: readonly (readonly (string | null)[])[]): string[] =>
  [...taken(rows)].map(({ bytes }) => bytes.toString());

function* taken(rows: readonly (readonly (string | null)[])[]) {
  for (const load of loads(target, rows, 16_000_000)) {
    const bytes = Buffer.concat([...load.pieces]);
    yield { bytes, count: load.count };
  }
}

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

it('spells no further than the socket takes', async () => {
  let spelled = 0;
  function* pieces() {
    for (; spelled < 100; ) yield Buffer.from(`${spelled++}`);
  }
  const stream = onlyThis(pieces())('pg2any');
  stream.on('data', () => stream.pause());
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  expect(spelled).toBeLessThan(4);
  stream.destroy();
});

it('escapes what would end a field or a line, and tells NULL from text that looks like it', () => {
  const all = sent([
    ['1', '\\x00ff', 'a\tb\\N\n\r'],
    ['2', null, '\\N'],
  ]);
  expect(all).toEqual(['1\t00ff\ta\\tb\\\\N\\n\\r\n2\t\\N\t\\\\N\n']);
});

it('cuts many rows into loads of bounded size that together hold every row once, each counted', () => {
  const rows = Array.from({ length: 100 }, (_, i) => [`${i}`, null, 'x'.repeat(200_000)]);
  const all = [...taken(rows)];
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  expect(all.length).toBeGreaterThan(2);
  expect(Math.max(...all.map(({ bytes }) => bytes.length))).toBeLessThan(5_000_000);
  expect(
    Buffer.concat(all.map(({ bytes }) => bytes))
      .toString()
      .split('\n'),
  ).toHaveLength(101);
});

it('ends the load with the value that cannot be sent: what was handed out by then is rolled back', async () => {
  const bad = ['x', null, 'b'];
  const good = Array.from({ length: 5000 }, (_, i) => [`${i}`, null, 'x'.repeat(20)]);
  const [load] = loads(target, [...good, bad], 1_000_000);
  await expect(text(onlyThis(load?.pieces ?? [])('pg2any'))).rejects.toThrow(/MALFORMED/);
});

it('goes on to no other load when the server did not ask for the rows of one', () => {
  const all = loads(target, [['1', null, 'a']], 1_000_000);
  expect(all.next().value).toMatchObject({ count: 0 });
  expect(() => all.next()).toThrow('before its rows were asked for');
});
