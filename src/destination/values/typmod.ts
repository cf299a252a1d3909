/** `typmod` as PostgreSQL packs it; -1 stands for "none". Sources are named where they are not obvious. */

/** Declared length of varchar(n) and char(n) in characters, null without one. */
export const declaredLength = (typmod: number): number | null => (typmod < 4 ? null : typmod - 4);

/** Declared length of bit(n) and varbit(n) in bits, null without one. */
export const declaredBits = (typmod: number): number | null => (typmod < 0 ? null : typmod);

/** Digits of a second in time(p) and timestamp(p); 6 is PostgreSQL's own resolution. */
export const secondDigits = (typmod: number): number => (typmod < 0 || typmod > 6 ? 6 : typmod);

export interface NumericShape {
  /** Decimal digits in all. */
  readonly precision: number;
  /** Of these, digits after the decimal point. */
  readonly scale: number;
}

/**
 * Declared precision and scale, null without them. Since PostgreSQL 15 the scale may be negative or above the
 * precision: eleven bits, two's complement (src/backend/utils/adt/numeric.c, numeric_typmod_scale).
 */
export function declaredNumeric(typmod: number): NumericShape | null {
  if (typmod < 4) return null;
  const packed = typmod - 4;
  return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
}

/** The smallest 0 ≤ scale ≤ precision shape that holds every value of the declared one: (3,-2) → (5,0), (3,5) → (5,5). */
export function plainNumeric({ precision, scale }: NumericShape): NumericShape {
  if (scale < 0) return { precision: precision - scale, scale: 0 };
  return { precision: Math.max(precision, scale), scale };
}
