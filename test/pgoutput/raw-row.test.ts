import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { isRaw, RawRow } from '../../src/pgoutput/raw-row.ts';
import { bytes, tuple, value } from '../support/pgoutput-encoder.ts';

const raw = (content: Buffer, columns: number): RawRow | null => {
  const buffer = bytes('head', content, 'tail');
  return isRaw(buffer, 4, 4 + content.length, columns) ? new RawRow(buffer, 4, 4 + content.length) : null;
};
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 60 });
const plain: fc.Arbitrary<Row> = fc.array(fc.oneof(ascii, fc.constant(null)), { maxLength: 12 });

describe('RawRow', () => {
  it('gives the same row as the decoder, as often as it is asked, and any columns of it', () => {
    fc.assert(
      fc.property(plain, fc.array(fc.nat()), (row, picks) => {
        const kept = raw(tuple(row), row.length);
        expect(kept?.decode()).toEqual(row);
        expect(kept?.decode()).toEqual(row);
        const columns = row.length === 0 ? [] : picks.map((pick) => pick % row.length);
        expect(kept?.pick(columns)).toEqual(columns.map((column) => row[column]));
      }),
    );
  });

  it.each([
    ['text that is not ASCII', ['1', 'é']],
    ['an unchanged value', ['1', UNCHANGED]],
    ['a long row', ['1', 'x'.repeat(5000)]],
  ] as const)('leaves %s to the decoder', (_, row) => {
    expect(raw(tuple(row), 2)).toBeNull();
  });

  it('leaves rows of other than the expected width to the decoder', () => {
    expect(raw(tuple(['1', '2']), 3)).toBeNull();
    expect(raw(tuple(['1', '2']), 1)).toBeNull();
  });

  it('leaves every truncation and every surplus byte to the decoder', () => {
    const whole = tuple(['12', null, 'abc']);
    expect(raw(whole, 3)).not.toBeNull();
    for (let length = 0; length < whole.length; length += 1) expect(raw(whole.subarray(0, length), 3)).toBeNull();
    expect(raw(bytes(whole, 'n'), 3)).toBeNull();
  });

  it('leaves lengths and kinds that cannot be to the decoder', () => {
    for (const broken of ['t\xff\xff\xff\xffx', 't\x7f\xff\xff\xffx', 'b\x00\x00\x00\x01x', '?'])
      expect(raw(bytes('\x00\x02', value('1'), broken), 2)).toBeNull();
  });
});
