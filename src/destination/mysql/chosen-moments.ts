import { type ProblemClass, ValueProblem } from '../problem.ts';
import { plainDate, plainTimestamp, timeOfDay, utcTimestamp } from '../values/datetime.ts';
import { family } from '../values/family.ts';
import { cutSeconds, nearestMoment } from '../values/nearest.ts';
import { secondDigits } from '../values/typmod.ts';
import { bare, type Chosen, type Make, size } from './chosen.ts';
import { type Coding, type Convert, moment } from './coding.ts';

const OUTSIDE: readonly ProblemClass[] = ['INFINITE_DATETIME', 'BC_DATE', 'YEAR_GT_9999'];

/** Digits in parentheses; none is 0, as in CREATE TABLE. Null where it is no such number. */
const digitsOf = (args: string | null): number | null => (args === null ? 0 : size(args, 0, 6));

/** With at most so many digits of a second: the server would round what is beyond. */
const exactTo =
  (digits: number, encode: Convert): Convert =>
  (text) => {
    const value = encode(text);
    const cut = cutSeconds(value, digits);
    if (cut === value || /^0*$/.test(value.slice(cut.length).replace('.', ''))) return cut;
    throw new ValueProblem('TIME_PRECISION', `has more than ${digits} digits of a second: ${value}`);
  };

function datetime({ args, type }: Chosen): Coding | string | null {
  const digits = digitsOf(args);
  if (digits === null) return 'it is DATETIME(p) with p from 0 to 6';
  const kind = family(type);
  const ddl = `DATETIME(${digits})`;
  if (kind === 'date')
    return moment(ddl, (text) => `${plainDate(text)} 00:00:00`, {
      problems: OUTSIDE,
      nearest: nearestMoment('date', 0),
    });
  if (kind !== 'timestamp' && kind !== 'timestamptz') return null;
  const encode = exactTo(digits, kind === 'timestamp' ? plainTimestamp : utcTimestamp);
  const problems = secondDigits(type.typmod) > digits ? [...OUTSIDE, 'TIME_PRECISION' as const] : OUTSIDE;
  return moment(ddl, encode, { problems, nearest: nearestMoment(kind, digits) });
}

function time({ args, type }: Chosen): Coding | string | null {
  const digits = digitsOf(args);
  if (digits === null) return 'it is TIME(p) with p from 0 to 6';
  if (family(type) !== 'time') return null;
  return moment(
    `TIME(${digits})`,
    exactTo(digits, (text) => timeOfDay(text, true)),
    {
      problems: secondDigits(type.typmod) > digits ? ['TIME_PRECISION'] : [],
      nearest: (text) => cutSeconds(text, digits),
    },
  );
}

export const MOMENT_TYPES: Readonly<Record<string, Make>> = {
  DATE: bare(({ type }) =>
    family(type) === 'date'
      ? moment('DATE', plainDate, { problems: OUTSIDE, nearest: nearestMoment('date', 0) })
      : null,
  ),
  DATETIME: datetime,
  TIME: time,
};
