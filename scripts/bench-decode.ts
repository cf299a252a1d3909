/**
 * What decoding costs: `npx tsx scripts/bench-decode.ts` prints nanoseconds per event of the stream and rows per second
 * of the initial copy, 8 columns each, the best of many rounds.
 */

import { createCopyDecoder } from '../src/pgoutput/copy-text.ts';
import { decode } from '../src/pgoutput/decode.ts';
import { decodeFrame } from '../src/pgoutput/frame.ts';

const ROWS = 20_000;
const ROUNDS = 30;
const CHUNK = 65_536;

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

/** bigint, integer, text, numeric, timestamptz, boolean, jsonb, uuid. */
const row = (index: number, text: string): string[] => [
  String(100_000 + index),
  String(index % 1000),
  `${text} ${digits(index, 15)}`,
  `1234.${digits(index % 100, 2)}`,
  `2026-07-01 12:34:56.${digits(index, 6)}+00`,
  't',
  `{"a": ${index}, "b": "c"}`,
  `3f2504e0-4f89-41d3-9a0c-${digits(index, 12)}`,
];

function insert(values: readonly string[]): Buffer {
  const fields = values.map((value) => {
    const text = Buffer.from(value);
    const field = Buffer.alloc(5 + text.length, 't');
    field.writeInt32BE(text.length, 1);
    text.copy(field, 5);
    return field;
  });
  const head = Buffer.from(
    `w${'\x11'.repeat(24)}I\x00\x00\x40\x81N\x00${String.fromCharCode(values.length)}`,
    'latin1',
  );
  return Buffer.concat([head, ...fields]);
}

/** Nanoseconds per row of the fastest round. */
function fastest(round: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ROUNDS; count += 1) {
    const start = process.hrtime.bigint();
    const rows = round();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / rows);
  }
  return best;
}

function stream(text: string): number {
  const messages = Array.from({ length: ROWS }, (_, index) => insert(row(index, text)));
  const all = Buffer.concat(messages);
  const context = { inStream: false };
  return fastest(() => {
    let start = 0;
    for (const { length } of messages) {
      const end = start + length;
      const frame = decodeFrame(all, start, end);
      if (frame.kind === 'data') decode(all, frame.payload, end, context);
      start = end;
    }
    return ROWS;
  });
}

function copy(change: (values: string[]) => string[]): number {
  const lines = Array.from({ length: ROWS }, (_, index) => `${change(row(index, 'name')).join('\t')}\n`);
  const all = Buffer.from(lines.join(''));
  return fastest(() => {
    const decoder = createCopyDecoder({ table: 'item', columns: 8 });
    let count = 0;
    for (let from = 0; from < all.length; from += CHUNK)
      for (const rows of decoder.push(all.subarray(from, from + CHUNK))) for (const _ of rows) count += 1;
    decoder.end();
    return count;
  });
}

const print = (what: string, ns: number): void =>
  console.log(`${what.padEnd(28)} ${ns.toFixed(0).padStart(5)} ns  ${(1000 / ns).toFixed(2)} M/s`);

print('stream, ASCII', stream('name'));
print('stream, one other column', stream('näme'));
print(
  'copy, ASCII',
  copy((values) => values),
);
print(
  'copy, one NULL',
  copy((values) => values.with(3, '\\N')),
);
print(
  'copy, one escaped column',
  copy((values) => values.with(2, 'two\\nlines\\tand a tab')),
);
print(
  'copy, one other column',
  copy((values) => values.with(2, 'näme')),
);
