/**
 * What stands before each key and value: a zero byte and the schema's id, 4 bytes, most significant first.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export const HEADER_BYTES = 5;

export function writeHeader(buffer: Buffer, id: number): void {
  buffer[0] = 0;
  buffer.writeUInt32BE(id, 1);
}

/** A text with its header. */
export function framed(id: number, text: string): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + Buffer.byteLength(text));
  writeHeader(buffer, id);
  buffer.write(text, HEADER_BYTES);
  return buffer;
}
