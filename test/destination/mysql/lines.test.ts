import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mysqlDialect } from '../../../src/destination/mysql/dialect.ts';
import { escaped, Lines } from '../../../src/destination/mysql/lines.ts';
import { guessedServer } from '../../../src/destination/mysql/server.ts';
import type { Relation } from '../../../src/model/relation.ts';
import type { Row } from '../../../src/model/value.ts';
import { isRaw, RawRow } from '../../../src/pgoutput/raw-row.ts';
import { tuple } from '../../support/pgoutput-encoder.ts';
import { relation } from '../../support/relations.ts';

const dialect = mysqlDialect(guessedServer('MariaDB'));
const targetOf = (of: Relation) => ({
  relation: of,
  place: dialect.place(of.target),
  codecs: dialect.codecs(of),
  columns: of.columns.map(({ name }) => dialect.quote(name)),
  ordered: null,
  bare: true,
  furtherUnique: false,
});
const target = targetOf(relation('t', ['id int4', 'note text', 'more text'], ['id']));
const expected = (row: Row): string =>
  `${row.map((cell) => (cell === null ? '\\N' : escaped(String(cell)))).join('\t')}\n`;

const short = fc.string({
  unit: fc.constantFrom('a', ' ', '~', '\\', '\t', '\n', '\r', '\0', '\x7f', 'é', '日', '😀'),
});
const text = fc.oneof(short, fc.string({ unit: 'binary', maxLength: 100 }), fc.constant(null));
const rows = fc.array(fc.tuple(fc.integer().map(String), text, text));

it('writes any rows as their escaped fields in UTF-8, and knows how many bytes they take', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const lines = new Lines(target);
      const sizes = all.map((row) => lines.add(row));
      const whole = Buffer.concat(lines.take());
      expect(whole.toString()).toBe(Buffer.from(all.map(expected).join('')).toString());
      expect(sizes).toEqual(all.map((row) => Buffer.byteLength(expected(row))));
      expect(lines.size).toBe(0);
    }),
  );
});

it('goes on after a take without touching what was taken', () => {
  const lines = new Lines(target);
  lines.add(['1', 'first', null]);
  const first = lines.take();
  lines.add(['2', 'x'.repeat(300_000), 'é'.repeat(300_000)]);
  lines.add(['3', 'third', null]);
  const rest = lines.take();
  expect(Buffer.concat(first).toString()).toBe('1\tfirst\t\\N\n');
  expect(Buffer.concat(rest).toString()).toBe(`2\t${'x'.repeat(300_000)}\t${'é'.repeat(300_000)}\n3\tthird\t\\N\n`);
});

it('names the row and the column of a value that cannot be sent', () => {
  expect(() => new Lines(target).add(['x', 'a', null])).toThrow(/id = 'x'.*id \(int4\)/);
});

describe('a row that is still bytes', () => {
  const wide = targetOf(
    relation(
      'w',
      ['id int8', 'price numeric', 'note text', 'at timestamptz', 'ok bool', 'raw bytea', 'u uuid'],
      ['id'],
    ),
  );
  const written = (write: (lines: Lines) => number): string => {
    const lines = new Lines(wide);
    try {
      const size = write(lines);
      const bytes = Buffer.concat(lines.take());
      return bytes.length === size ? bytes.toString() : `${size} instead of ${bytes.length} bytes`;
    } catch (error) {
      return String(error);
    }
  };
  const cell = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 5 });
  const note = fc.string({
    unit: fc.oneof(fc.constantFrom('\t', '\n', '\r', '\\', '\x7f'), fc.constantFrom('a', ' ', '~')),
  });
  const row = fc.tuple(
    fc.oneof(fc.bigInt().map(String), fc.constantFrom('', '-', '1.0', 'x')),
    cell(
      fc.oneof(
        fc.double({ noNaN: true }).map(String),
        fc.constantFrom('1.50', '-0.00', 'NaN', '-', '.', '1.', '9'.repeat(36)),
      ),
    ),
    cell(note),
    cell(fc.constantFrom('2026-11-21 07:00:00.5+00', 'infinity', '2026-11-21 07:00:00')),
    cell(fc.constantFrom('t', 'f')),
    cell(fc.constantFrom('\\x00ff', 'x')),
    cell(fc.uuid()),
  );

  it('gives the same line as its text, or the same refusal', () => {
    fc.assert(
      fc.property(row, (cells) => {
        const bytes = tuple(cells);
        if (!isRaw(bytes, 0, bytes.length, cells.length)) throw new Error('is not packed');
        const packed = new RawRow(bytes, 0, bytes.length);
        expect(written((lines) => lines.addPacked(packed))).toBe(written((lines) => lines.add(cells)));
      }),
      { numRuns: 2000 },
    );
  });
});
