import { describe, expect, it } from 'vitest';
import { Cursor } from './bytes.ts';
import { readType } from './type-info.ts';

/** A value in the form of a parameter: TYPE_INFO, then the value. */
function parameter(hex: string): unknown {
  const cursor = new Cursor(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  const value = readType(cursor).read(cursor);
  expect(cursor.left).toBe(0);
  return value;
}

describe('a value', () => {
  it.each([
    ['a datetimeoffset whose local day is the next', '2b 00 08 784a01 80460b 2c01', '2024-03-01 04:30:00 +05:00'],
    ['a datetimeoffset whose local day is the one before', '2b 00 08 080700 81460b a6ff', '2024-02-29 23:00:00 -01:30'],
    ['the lowest money', '6e 08 08 00000080 00000000', '-922337203685477.5808'],
    [
      'the largest decimal',
      '6a 11 26 00 11 01 ffffffff3f228a097ac4865aa84c3b4b',
      '99999999999999999999999999999999999999',
    ],
    ['a decimal with more scale than digits', '6a 05 09 05 05 00 01000000', '-0.00001'],
    [
      'a long text in chunks of unknown total',
      'e7 ffff 0904d00034 feffffffffffffff 02000000 6100 02000000 6200 00000000',
      'ab',
    ],
    ['a varchar of a UTF-8 collation', 'a7 0a00 09040004 00 0200 c3bc', 'ü'],
    ['a datetime before 1900', '6f 08 08 ffffffff 00000000', '1899-12-31 00:00:00.000'],
  ])('is read: %s', (_title, hex, expected) => {
    expect(parameter(hex)).toBe(expected);
  });

  it('is refused when it says another length than it has', () => {
    expect(() => parameter('e7 ffff 0904d00034 0400000000000000 02000000 6100 00000000')).toThrow(
      'a value of 4 bytes came with 2',
    );
  });

  it('is refused when nobody taught this server its type', () => {
    expect(() => parameter('f3 00')).toThrow('values of type 0xf3 cannot be read here');
  });
});
