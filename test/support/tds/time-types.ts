import type { Value } from './received.ts';
import { byteSized, fixed, type TypeReader } from './sql-type.ts';

const DAY_MS = 86_400_000;
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const YEAR_1900 = Date.UTC(1900, 0, 1);
const MINUTE = 60;

const day = (since: number, days: number): string => new Date(since + days * DAY_MS).toISOString().slice(0, 10);

/** `12:34:56.7890000` from units of 10^-scale seconds since midnight. */
function clock(units: bigint, scale: number): string {
  const unit = 10n ** BigInt(scale);
  const seconds = Number(units / unit);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  const whole = parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  return scale ? `${whole}.${String(units % unit).padStart(scale, '0')}` : whole;
}

const unitsOf = (bytes: Buffer): bigint => BigInt(bytes.readUIntLE(0, bytes.length));
const daysOf = (bytes: Buffer): number => bytes.readUIntLE(0, 3);

const date = (bytes: Buffer): Value => day(YEAR_1, daysOf(bytes));
const time = (bytes: Buffer, scale: number): Value => clock(unitsOf(bytes), scale);

function dateTime2(bytes: Buffer, scale: number): Value {
  return `${date(bytes.subarray(-3))} ${clock(unitsOf(bytes.subarray(0, -3)), scale)}`;
}

/** Time and day are of UTC; minutes to the local time follow. [MS-TDS] 2.2.5.5.1.8 */
function dateTimeOffset(bytes: Buffer, scale: number): Value {
  const minutes = bytes.readInt16LE(bytes.length - 2);
  const perDay = 86_400n * 10n ** BigInt(scale);
  const utc = BigInt(daysOf(bytes.subarray(-5))) * perDay + unitsOf(bytes.subarray(0, -5));
  const local = utc + BigInt(minutes * MINUTE) * 10n ** BigInt(scale);
  const zone = clock(BigInt(Math.abs(minutes) * MINUTE), 0).slice(0, 5);
  return `${day(YEAR_1, Number(local / perDay))} ${clock(local % perDay, scale)} ${minutes < 0 ? '-' : '+'}${zone}`;
}

/** Days since 1900, then 300ths of a second, or minutes when the value has four bytes. */
function dateTime(bytes: Buffer): Value {
  if (bytes.length === 4) {
    const minutes = BigInt(bytes.readUInt16LE(2) * MINUTE);
    return `${day(YEAR_1900, bytes.readUInt16LE())} ${clock(minutes, 0)}`;
  }
  const milliseconds = BigInt(Math.round((bytes.readUInt32LE(4) * 10) / 3));
  return `${day(YEAR_1900, bytes.readInt32LE())} ${clock(milliseconds, 3)}`;
}

const scaled = (name: string, read: (bytes: Buffer, scale: number) => Value): TypeReader => {
  return (cursor) => {
    const scale = cursor.u8();
    return byteSized(`${name}(${scale})`, (bytes) => read(bytes, scale));
  };
};

/** Dates and times, by type byte. [MS-TDS] 2.2.5.4.2 */
export const TIME_TYPES: readonly (readonly [number, TypeReader])[] = [
  [0x3d, fixed('datetime', (cursor) => dateTime(cursor.take(8)))],
  [0x3a, fixed('smalldatetime', (cursor) => dateTime(cursor.take(4)))],
  [0x6f, (cursor) => byteSized(cursor.u8() === 4 ? 'smalldatetime' : 'datetime', dateTime)],
  [0x28, () => byteSized('date', date)],
  [0x29, scaled('time', time)],
  [0x2a, scaled('datetime2', dateTime2)],
  [0x2b, scaled('datetimeoffset', dateTimeOffset)],
];
