import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escaped, Lines } from '../../../src/destination/mysql/lines.ts';
import type { Row } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';
import { targetOf } from './target.ts';

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

it('uses its memory again, but not that of the last piece taken', () => {
  const lines = new Lines(target);
  const memory = new Set<ArrayBufferLike>();
  let last: { readonly pieces: readonly Buffer[]; readonly expected: string } = { pieces: [], expected: '' };
  for (let piece = 0; piece < 50; piece++) {
    const all = Array.from({ length: 300 }, (_, i): Row => [`${i}`, `piece ${piece}`.repeat(20), null]);
    for (const row of all) lines.add(row);
    expect(Buffer.concat(last.pieces).toString()).toBe(last.expected);
    last = { pieces: lines.take(), expected: all.map(expected).join('') };
    for (const one of last.pieces) memory.add(one.buffer);
  }
  expect(memory.size).toBeLessThan(5);
});
