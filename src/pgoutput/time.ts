/** PostgreSQL counts microseconds since 2000-01-01 00:00 UTC; this is that instant since 1970, in microseconds. */
const EPOCH = 946_684_800_000_000;

const TWO_32 = 4_294_967_296;

/** Milliseconds since the Unix epoch of an i64 timestamp, given as its signed high and unsigned low half. */
export const timeFromHalves = (high: number, low: number): number => (high * TWO_32 + low + EPOCH) / 1000;

/** Microseconds since 2000-01-01 of milliseconds since the Unix epoch. */
export const microsecondsOf = (time: number): bigint => BigInt(Math.round(time * 1000) - EPOCH);
