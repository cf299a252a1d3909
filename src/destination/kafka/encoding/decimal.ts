import { ValueProblem } from '../../problem.ts';
import { excerpt } from '../../values/excerpt.ts';
import { finiteNumeric } from '../../values/numeric.ts';

/** A decimal as Java's BigDecimal holds it: `unscaled` × 10^-`scale`. */
export interface Unscaled {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** As many digits after the point as PostgreSQL shows. Throws NUMERIC_NAN and NUMERIC_INFINITY. */
export function unscaledOf(text: string): Unscaled {
  finiteNumeric(text);
  const point = text.indexOf('.');
  return point < 0
    ? { unscaled: BigInt(text), scale: 0 }
    : { unscaled: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** The number at a fixed scale, as org.apache.kafka.connect.data.Decimal wants it. Never rounds. */
export function atScale(text: string, scale: number): bigint {
  const { unscaled, scale: own } = unscaledOf(text);
  if (own <= scale) return unscaled * 10n ** BigInt(scale - own);
  const divisor = 10n ** BigInt(own - scale);
  if (unscaled % divisor === 0n) return unscaled / divisor;
  throw new ValueProblem('NUMERIC_SCALE', `has more than ${scale} digits after the point: ${excerpt(text)}`);
}

/** Two's complement, most significant byte first, as short as the sign allows: java.math.BigInteger.toByteArray. */
export function twosComplement(value: bigint): Buffer {
  const bits = (value < 0n ? ~value : value).toString(2).length + (value === 0n || value === -1n ? 0 : 1);
  const length = Math.max(1, Math.ceil(bits / 8));
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}
