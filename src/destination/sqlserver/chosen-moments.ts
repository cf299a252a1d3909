import { type ProblemClass, ValueProblem } from '../problem.ts';
import { plainDate, plainTimestamp, timeOfDay, utcTimestamp } from '../values/datetime.ts';
import { family } from '../values/family.ts';
import { cutSeconds, nearestMoment } from '../values/nearest.ts';
import { secondDigits } from '../values/typmod.ts';
import { bare, type Chosen, type Make, size } from './chosen.ts';
import { type Coding, type Convert, moment } from './coding.ts';

const OUTSIDE: readonly ProblemClass[] = ['INFINITE_DATETIME', 'BC_DATE', 'YEAR_GT_9999'];

/** Digits in parentheses; none is 7, as in CREATE TABLE. Null where it is no such number. */
const digitsOf = (args: string | null): number | null => (args === null ? 7 : size(args, 0, 7));

/** With at most so many digits of a second: the server would round what is beyond. */
const exactTo =
  (digits: number, encode: Convert): Convert =>
  (text) => {
    const value = encode(text);
    const cut = cutSeconds(value, digits);
    if (cut === value || Number(value.replace(/^.*\./, '').slice(digits)) === 0) return cut;
    throw new ValueProblem('TIME_PRECISION', `has more than ${digits} digits of a second: ${value}`);
  };

const moments =
  (name: 'datetime2' | 'datetimeoffset'): Make =>
  ({ args, type }: Chosen): Coding | string | null => {
    const digits = digitsOf(args);
    if (digits === null) return `it is ${name}(p) with p from 0 to 7`;
    const kind = family(type);
    const zone = name === 'datetimeoffset' ? ' +00:00' : '';
    const ddl = `${name}(${digits})`;
    if (kind === 'date' && name === 'datetime2')
      return moment(ddl, (text) => `${plainDate(text)} 00:00:00`, {
        problems: OUTSIDE,
        nearest: nearestMoment('date', 0),
      });
    if (kind !== 'timestamptz' && !(kind === 'timestamp' && name === 'datetime2')) return null;
    const plain = exactTo(digits, kind === 'timestamp' ? plainTimestamp : utcTimestamp);
    const problems = secondDigits(type.typmod) > digits ? [...OUTSIDE, 'TIME_PRECISION' as const] : OUTSIDE;
    return moment(ddl, (text) => plain(text) + zone, { problems, nearest: nearestMoment(kind, Math.min(digits, 6)) });
  };

function time({ args, type }: Chosen): Coding | string | null {
  const digits = digitsOf(args);
  if (digits === null) return 'it is time(p) with p from 0 to 7';
  if (family(type) !== 'time') return null;
  const shown = Math.min(digits, 6);
  return moment(
    `time(${digits})`,
    exactTo(digits, (text) => timeOfDay(text, false)),
    {
      problems: secondDigits(type.typmod) > digits ? ['TIME_24', 'TIME_PRECISION'] : ['TIME_24'],
      nearest: (text, problem) => cutSeconds(problem === 'TIME_24' ? '23:59:59.999999' : text, shown),
    },
  );
}

export const MOMENT_TYPES: Readonly<Record<string, Make>> = {
  date: bare(({ type }) =>
    family(type) === 'date'
      ? moment('date', plainDate, { problems: OUTSIDE, nearest: nearestMoment('date', 0) })
      : null,
  ),
  datetime2: moments('datetime2'),
  datetimeoffset: moments('datetimeoffset'),
  time,
};
