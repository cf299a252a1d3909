import type { Messages } from '../../src/source/copy-messages.ts';

/** Contents of CopyData messages as one read of the socket gives them. */
export function together(contents: readonly Buffer[]): Messages {
  const bounds: number[] = [];
  let at = 0;
  for (const { length } of contents) {
    bounds.push(at, at + length);
    at += length;
  }
  return { buffer: Buffer.concat(contents), bounds, bytes: at };
}

/** The contents one by one. */
export const apart = (all: readonly Messages[]): Buffer[] =>
  all.flatMap(({ buffer, bounds }) =>
    bounds.flatMap((start, i) => (i % 2 === 0 ? [buffer.subarray(start, bounds[i + 1])] : [])),
  );
