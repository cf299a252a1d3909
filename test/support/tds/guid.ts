/** The first three groups of a unique identifier go in little-endian order. [MS-DTYP] 2.3.4.2 */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const reordered = (bytes: Buffer): Buffer => Buffer.from(ORDER.map((at) => bytes.readUInt8(at)));

export function guidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new Error(`not a unique identifier: ${text}`);
  return reordered(bytes);
}

/** In capitals, as SQL Server writes it. */
export function guidText(bytes: Buffer): string {
  const hex = reordered(bytes).toString('hex').toUpperCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
