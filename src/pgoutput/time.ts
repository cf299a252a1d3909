/** PostgreSQL counts microseconds since 2000-01-01 00:00 UTC. */
const EPOCH_MS = 946_684_800_000;

const TWO_32 = 4_294_967_296;

/** Milliseconds since the Unix epoch of an i64 timestamp, given as its signed high and unsigned low half. */
export const timeFromHalves = (high: number, low: number): number => (high * TWO_32 + low) / 1000 + EPOCH_MS;

/** Microseconds since 2000-01-01 of milliseconds since the Unix epoch. */
export const microsecondsOf = (time: number): bigint => BigInt(Math.round((time - EPOCH_MS) * 1000));
