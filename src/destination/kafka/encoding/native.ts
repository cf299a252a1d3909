/**
 * A value as Kafka Connect holds it, for encodings that are not text: boolean, int16 to int32, float and double as they
 * are, int64 as a number where that is exact and as a bigint otherwise, bytes as a Buffer, arrays, structs by field.
 */
export type Native =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | readonly Native[]
  | { readonly [field: string]: Native };

/** An int64 from its digits. What is more than safe is rounded to what is not safe either. */
export function long(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

export const base64 = (bytes: Uint8Array): string => `"${Buffer.from(bytes).toString('base64')}"`;

/** As Kafka Connect's JsonConverter writes it: bytes in base64, NaN and infinities as text. */
export function jsonOf(value: Native): string {
  if (Buffer.isBuffer(value)) return base64(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}:${jsonOf(one)}`)
    .join(',')}}`;
}
