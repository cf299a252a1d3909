import fc from 'fast-check';
import { escape as quoted } from 'mysql2';
import { expect, it } from 'vitest';
import { inserts, ROWS_PER_STATEMENT } from '../../../src/destination/mysql/many.ts';
import { Tuples } from '../../../src/destination/mysql/tuples.ts';
import type { Row } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';
import { targetOf } from './target.ts';

const target = targetOf(relation('t', ['id int4', 'note text', 'ok bool', 'raw bytea'], ['id']));

const expected = ([id, note, ok, raw]: Row): string => {
  const text =
    note === null ? 'NULL' : quoted(String(note)).replace(/\\\\|\\"/g, (pair) => (pair === '\\"' ? '"' : pair));
  return `(${String(id)},${text},${ok === null ? 'NULL' : ok === 't' ? 1 : 0},${raw === null ? 'NULL' : `X'${String(raw).slice(2)}'`})`;
};

const note = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', '\0', '\b', '\t', '\n', '\r', '\x1a', '%', 'é', '日', '😀') }),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constant(null),
);
const row = fc.tuple(
  fc.nat().map(String),
  note,
  fc.constantFrom('t', 'f', null),
  fc.constantFrom('\\x', '\\x00ff', null),
);

it('spells any rows as the driver would, but for digits and truth without quotes and quotation marks as they are', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const tuples = new Tuples(target);
      for (const one of rows) tuples.add(one);
      expect(tuples.take()).toBe(Buffer.from(rows.map(expected).join(',')).toString());
      expect(tuples.size).toBe(0);
    }),
  );
});

it('keeps the rows that are not taken yet', () => {
  const tuples = new Tuples(target);
  tuples.add(['1', 'x'.repeat(200_000), 't', null]);
  const size = tuples.add(['2', 'é', 'f', '\\x00']);
  expect(tuples.take(size)).toBe(`(1,'${'x'.repeat(200_000)}',1,NULL)`);
  tuples.add(['3', null, null, null]);
  expect(tuples.take()).toBe("(2,'é',0,X'00'),(3,NULL,NULL,NULL)");
});

it('cuts statements by rows, and by what a packet takes, without losing one', () => {
  const rows: Row[] = Array.from({ length: 2 * ROWS_PER_STATEMENT + 1 }, (_, i) => [String(i), null, null, null]);
  const long: Row[] = Array.from({ length: 20 }, (_, i) => [String(i), 'x'.repeat(10_000), null, null]);
  const cut = (all: readonly Row[]) => [...inserts({ maxAllowedPacket: 65_536 }, target, all)];
  expect(cut(rows).map((one) => one.rows.length)).toEqual([ROWS_PER_STATEMENT, ROWS_PER_STATEMENT, 1]);
  expect(cut(long).every(({ values }) => values.length <= 65_536 / 2)).toBe(true);
  for (const all of [rows, long]) {
    expect(cut(all).flatMap((one) => [...one.rows])).toEqual(all);
    expect(
      cut(all)
        .map(({ values }) => values)
        .join(),
    ).toBe(all.map(expected).join());
  }
});

it('refuses a row that no packet takes before any of its statement goes out', () => {
  const rows: Row[] = [
    ['1', 'a', null, null],
    ['2', 'x'.repeat(70_000), null, null],
  ];
  expect(() => [...inserts({ maxAllowedPacket: 65_536 }, target, rows)]).toThrow(
    /id = '2'.*max_allowed_packet is 65536/,
  );
});
