/** Bytes below which words do not pay. */
const SHORT = 16;

const HIGH_BITS = 0x80808080 | 0;

/** The memory that was looked through last, as words: chunks have hundreds of rows. */
let memory: ArrayBufferLike | null = null;
let words: Int32Array = new Int32Array(0);

/** Whether no byte of this range has its highest bit set. Four bytes at a time: this looks at all that is ever received. */
export function isAscii(buffer: Buffer, start: number, end: number): boolean {
  let bits = 0;
  let at = start;
  if (end - start >= SHORT) {
    if (buffer.buffer !== memory) {
      memory = buffer.buffer;
      words = new Int32Array(memory, 0, memory.byteLength >> 2);
    }
    const { byteOffset } = buffer;
    while (((byteOffset + at) & 3) !== 0) bits |= buffer[at++] as number;
    const last = (byteOffset + end) >> 2;
    let wide = 0;
    for (let word = (byteOffset + at) >> 2; word < last; word += 1) wide |= words[word] as number;
    if ((wide & HIGH_BITS) !== 0) return false;
    at = (last << 2) - byteOffset;
  }
  while (at < end) bits |= buffer[at++] as number;
  return bits < 0x80;
}
