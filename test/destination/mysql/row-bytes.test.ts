import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lines } from '../../../src/destination/mysql/lines.ts';
import type { RowBytes } from '../../../src/destination/mysql/row-bytes.ts';
import { Tuples } from '../../../src/destination/mysql/tuples.ts';
import { isRaw, RawRow } from '../../../src/pgoutput/raw-row.ts';
import { tuple } from '../../support/pgoutput-encoder.ts';
import { relation } from '../../support/relations.ts';
import { targetOf } from './target.ts';

const COLUMNS = ['id int8', 'price numeric', 'free numeric', 'note text', 'at timestamptz', 'then timestamp'];
const MORE = ['day date', 'clock time', 'ok bool', 'raw bytea', 'u uuid', 'f float8', 'code varchar', 'doc jsonb'];
/** numeric(12,2) and varchar(5), as pg_attribute.atttypmod says it. */
const TYPMODS: Readonly<Record<string, number>> = { price: ((12 << 16) | 2) + 4, code: 5 + 4 };
const untyped = relation('w', [...COLUMNS, ...MORE], ['id']);
const columns = untyped.columns.map((column) => ({
  ...column,
  type: { ...column.type, typmod: TYPMODS[column.name] ?? column.type.typmod },
}));
const wide = targetOf({ ...untyped, columns });

const cell = <T>(...values: readonly fc.Arbitrary<T>[]) => fc.option(fc.oneof(...values), { freq: 8 });
const of = (...values: readonly string[]) => fc.constantFrom(...values);
const note = fc.string({ unit: of('\t', '\n', '\r', '\0', '\\', '\x7f', "'", '"', 'a', ' ', '~') });
const moments = of(
  '2026-11-21 07:00:00.5',
  'infinity',
  '-infinity',
  '0044-03-15 10:00:00 BC',
  '0044-03-15 10:00:00.5 BC',
  '10000-01-01 00:00:00',
);
const ROW = [
  fc.oneof(fc.bigInt().map(String), of('', '-', '1.0', 'x', '1-')),
  cell(of('1.50', '-0.00', '1234567890.12', '12345678901.1', '0.123', 'NaN', '-', '.', '1.', '.5')),
  cell(
    fc.double({ noNaN: true }).map(String),
    of('1.50', '-0.00', 'NaN', 'Infinity', '-', '.', '1.', '9'.repeat(36), `0.${'1'.repeat(31)}`),
  ),
  cell(note),
  cell(moments, of('2026-11-21 07:00:00.5+00', '2026-11-21 07:00:00+00', '2026-11-21 07:00:00+01', '+00')),
  cell(moments, of('2026-11-21 07:00:00', '2026-11-21T07:00:00')),
  cell(of('2026-11-21', '10000-01-01', '0044-03-15 BC', 'infinity', '2026/11/21')),
  cell(of('24:00:00', '01:02:03.000001', '1')),
  cell(of('t', 'f', '', 'tt', 'true')),
  cell(of('\\x00ff', '\\x', '\\x0', '\\xgg', '\\xFF', 'x', '')),
  cell(fc.uuid()),
  cell(fc.double().map(String), of('1e+300', '-0', 'NaN', 'Infinity', '-Infinity', '')),
  cell(of('', 'abcde', 'abcdef', "a'b", 'a\\b')),
  cell(of('{"k": 1}', '{"k": "it\'s \\"it\\""}', `"${'x'.repeat(300)}"`)),
];
const row = fc.tuple(...ROW);

const FORMS: readonly (readonly [string, () => RowBytes, (all: RowBytes) => string])[] = [
  ['lines of a load', () => new Lines(wide), (all) => Buffer.concat((all as Lines).take()).toString()],
  ['tuples of a statement', () => new Tuples(wide), (all) => (all as Tuples).take()],
];

it.each(FORMS)('%s are the same from bytes as from text, or the same refusal', (_, create, take) => {
  const written = (write: (all: RowBytes) => number): string => {
    const all = create();
    try {
      const size = write(all);
      expect(all.size).toBe(size);
      return take(all);
    } catch (error) {
      return String(error);
    }
  };
  fc.assert(
    fc.property(row, fc.nat(ROW.length - 1), (all, odd) => {
      // one value at a time: the first that is refused hides the others
      const cells = all.map((value, column) => (column === odd ? value : column === 0 ? '1' : null));
      const bytes = tuple(cells);
      if (!isRaw(bytes, 0, bytes.length, cells.length)) throw new Error('is not packed');
      const packed = new RawRow(bytes, 0, bytes.length);
      expect(written((all) => all.addPacked(packed))).toBe(written((all) => all.add(cells)));
    }),
    { numRuns: 3000 },
  );
});

it.each(FORMS)('%s are whole wherever in a row one buffer ends and the next begins', (_, create, take) => {
  const rowOf = (length: number): RawRow => {
    const bytes = tuple(untyped.columns.map(({ name }) => (name === 'note' ? 'x'.repeat(length) : null)));
    return new RawRow(bytes, 0, bytes.length);
  };
  const written = (...rows: readonly RawRow[]): string => {
    const all = create();
    for (const one of rows) all.addPacked(one);
    return take(all);
  };
  const short = rowOf(30);
  for (let left = 0; left < 250; left++) {
    for (const size of [64 * 1024, 256 * 1024]) {
      const long = rowOf(size - left);
      const both = written(long, short);
      expect(both === [written(long), written(short)].join(both.endsWith('\n') ? '' : ','), `${left} left`).toBe(true);
    }
  }
});
