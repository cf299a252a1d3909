import fc from 'fast-check';
import { edges, type Literals } from './scalars.ts';

const two = (max: number, min = 0): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((n) => `${n}`.padStart(2, '0'));

/** Years as PostgreSQL has them, near and far; 0 and below are BC. */
const years = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 1900, max: 2100 }),
    fc.integer({ min: 1, max: 9999 }),
    fc.integer({ min: -4713, max }),
    fc.constantFrom(0, 1, 2, 999, 1000, 9999, 10_000),
  );

const day = (year: number, month: string, date: string): readonly [text: string, era: string] =>
  year > 0
    ? [`${`${year}`.padStart(4, '0')}-${month}-${date}`, '']
    : [`${`${1 - year}`.padStart(4, '0')}-${month}-${date}`, ' BC'];

const calendar = (max: number): fc.Arbitrary<readonly [string, string]> =>
  fc.tuple(years(max), two(12, 1), two(31, 1)).map(([year, month, date]) => day(year, month, date));

const clock: fc.Arbitrary<string> = fc
  .tuple(
    edges(
      fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(':')),
      '00:00:00',
      '23:59:59',
      '24:00:00',
    ),
    fc.option(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 6 })),
  )
  .map(([text, fraction]) => (fraction === null ? text : `${text}.${fraction}`));

const offset: fc.Arbitrary<string> = edges(
  fc.tuple(fc.constantFrom('+', '-'), two(15), two(59)).map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
  '+00',
  '+05:30:17',
  '-15:59:59',
  '+15:59:59',
);

const INFINITE = ['infinity', '-infinity'];

export const dates: Literals = edges(
  calendar(5_874_897).map((parts) => parts.join('')),
  ...INFINITE,
  '4713-01-01 BC',
  '5874897-12-31',
  '0001-12-31 BC',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
);

const EDGES = [
  ...INFINITE,
  '0044-03-15 10:00:00.5 BC',
  '0044-03-15 10:00:00.125 BC',
  '4713-01-01 00:00:00 BC',
  '9999-12-31 23:59:59.999999',
  '0001-01-01 00:00:00',
  '294276-12-31 23:59:59.999999',
];

export const timestamps: Literals = edges(
  fc.tuple(calendar(294_276), clock).map(([[date, era], time]) => `${date} ${time}${era}`),
  ...EDGES,
);

export const zonedTimestamps: Literals = edges(
  fc.tuple(calendar(294_276), clock, offset).map(([[date, era], time, zone]) => `${date} ${time}${zone}${era}`),
  ...EDGES.map((text) => (text.endsWith('infinity') ? text : text.replace(/( BC)?$/, '+00$1'))),
  '9999-12-31 23:30:00-01',
  '0001-01-01 00:30:00+01',
);

export const times: Literals = clock;

export const zonedTimes: Literals = fc.tuple(clock, offset).map((parts) => parts.join(''));

const amount = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constant(0), fc.integer({ min: -99, max: 99 }), fc.integer({ min: -max, max }));

export const intervals: Literals = edges(
  fc
    .tuple(
      amount(170_000_000),
      amount(11),
      amount(2_147_483_647),
      amount(2_000_000_000),
      amount(59),
      amount(59_999_999),
    )
    .map(
      ([year, month, date, hour, minute, micros]) =>
        `${year} years ${month} mons ${date} days ${hour} hours ${minute} mins ${micros} microseconds`,
    ),
  ...INFINITE,
  'PT0S',
  '-178956970 years -8 mons -2147483648 days -2562047788:00:54.775807',
);
