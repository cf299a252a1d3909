import { describe, expect, it } from 'vitest';
import { formatLsn, lsn, parseLsn } from '../../src/model/lsn.ts';

describe('LSN', () => {
  it.each(['0/0', '16/B374D848', 'F00000FF/FE421E38', 'FFFFFFFF/FFFFFFFF'])(
    'keeps %s through parse and format',
    (text) => {
      expect(formatLsn(parseLsn(text))).toBe(text);
    },
  );

  it('holds positions beyond 2^63', () => {
    expect(parseLsn('F00000FF/FE421E38')).toBe(17293823668585111096n);
  });

  it('reads padded halves as the same position', () => {
    expect(parseLsn('00000000/3C74CEB0')).toBe(parseLsn('0/3C74CEB0'));
  });

  it.each(['', '16', '16/', '/1', 'G/1', '1/123456789'])('refuses %j', (text) => {
    expect(() => parseLsn(text)).toThrow(RangeError);
  });

  it('orders as numbers, not as text', () => {
    expect(parseLsn('A/0') > parseLsn('9/FFFFFFFF')).toBe(true);
    expect(lsn(16n) > lsn(9n)).toBe(true);
  });
});
