import type { ProblemClass } from '../problem.ts';
import type { NumericShape } from './typmod.ts';

/** PostgreSQL text of the value nearest to one that a column cannot hold; null where there is none. */
export type Nearest = (pgText: string, problem: ProblemClass) => string | null;

/** Seconds are kept with this many digits. */
export function nearestMoment(type: 'date' | 'timestamp' | 'timestamptz', digits: number): Nearest {
  const zone = type === 'timestamptz' ? '+00' : '';
  const fraction = digits > 0 ? `.${'9'.repeat(digits)}` : '';
  const lowest = type === 'date' ? '0001-01-01' : `0001-01-01 00:00:00${zone}`;
  const highest = type === 'date' ? '9999-12-31' : `9999-12-31 23:59:59${fraction}${zone}`;
  return (text, problem) => {
    if (problem === 'TIME_PRECISION') return cutSeconds(text, digits);
    if (problem === 'BC_DATE' || text === '-infinity') return lowest;
    return problem === 'YEAR_GT_9999' || problem === 'INFINITE_DATETIME' ? highest : null;
  };
}

/** Cut, not rounded: rounding could lead into another year. */
export const cutSeconds = (text: string, digits: number): string =>
  text.replace(/\.(\d+)/, (_, fraction: string) => (digits > 0 ? `.${fraction.slice(0, digits)}` : ''));

const MAX_FLOAT = { float4: '3.4028235e+38', float8: '1.7976931348623157e+308' } as const;

export function nearestFloat(type: keyof typeof MAX_FLOAT): Nearest {
  return (text, problem) =>
    problem === 'FLOAT_INFINITY' ? `${text.startsWith('-') ? '-' : ''}${MAX_FLOAT[type]}` : null;
}

/** Rounded half away from zero, as PostgreSQL rounds numeric; what is too large becomes the largest. */
export function nearestNumeric(shape: NumericShape): Nearest {
  return (text, problem) => {
    const sign = text.startsWith('-') ? '-' : '';
    const highest = '9'.repeat(shape.precision);
    if (problem === 'NUMERIC_INFINITY' || problem === 'NUMERIC_OVERFLOW') return sign + pointed(highest, shape.scale);
    if (problem !== 'NUMERIC_SCALE') return null;
    const rounded = roundedDigits(text.slice(sign.length), shape.scale);
    return sign + pointed(rounded.length > shape.precision ? highest : rounded, shape.scale);
  };
}

/** `12.345` to two places: `1235`. */
function roundedDigits(text: string, scale: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  const kept = BigInt(`${whole}${fraction.slice(0, scale).padEnd(scale, '0')}`);
  return String((fraction[scale] ?? '0') >= '5' ? kept + 1n : kept);
}

function pointed(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** The text up to `limit` characters. */
export const nearestText =
  (limit: number): Nearest =>
  (text, problem) =>
    problem === 'TEXT_TOO_LONG' ? [...text].slice(0, limit).join('') : null;
