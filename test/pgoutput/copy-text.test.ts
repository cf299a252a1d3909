import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row, Rows } from '../../src/model/value.ts';
import { createCopyDecoder } from '../../src/pgoutput/copy-text.ts';

/** Pushes the bytes in pieces of one length, overwriting each piece afterwards as a reused buffer would be. */
function decode(columns: number, content: string | Buffer, size = Number.POSITIVE_INFINITY): Row[] {
  const all = Buffer.from(content as string);
  const decoder = createCopyDecoder({ table: 'public.t', columns });
  const parts: Rows[] = [];
  for (let from = 0; from < all.length; from += size) {
    const chunk = Buffer.from(all.subarray(from, Math.min(from + size, all.length)));
    parts.push(...decoder.push(chunk));
    chunk.fill(0x7f);
  }
  decoder.end();
  for (const part of parts) {
    const rows = [...part];
    const seen = rows.map((row, index) => unpacked(part, index, columns) ?? row);
    expect(seen).toEqual(rows);
  }
  return parts.flatMap((part) => [...part]);
}

/** Null where the row is not packed. */
function unpacked(rows: Rows, index: number, columns: number): Row | null {
  const packed = rows.packed?.(index);
  if (!packed) return null;
  const bounds = new Int32Array(2 * columns);
  packed.bounds(bounds);
  const text = Buffer.from(packed.buffer);
  return Array.from({ length: columns }, (_, column) => {
    const [from = -1, to = -1] = bounds.subarray(2 * column, 2 * column + 2);
    return from < 0 ? null : text.toString('latin1', from, to);
  });
}

/** What CopyAttributeOutText of the server writes. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that the server escapes
const escaped = (value: string): string => value.replace(/[\\\x08\f\n\r\t\v]/g, (char) => ESCAPES[char] ?? char);
const line = (row: readonly (string | null)[]): string =>
  `${row.map((value) => (value === null ? '\\N' : escaped(value))).join('\t')}\n`;

const refusal = (code: string, message: string | RegExp) => {
  const text = typeof message === 'string' ? message : expect.stringMatching(message);
  return expect.objectContaining({ name: 'Pg2anyError', code, message: text });
};

describe('createCopyDecoder', () => {
  it('gives the rows of a chunk, with NULL and the empty text apart', () => {
    expect(decode(3, '1\ta\t\\N\n2\t\tt\n')).toEqual([
      ['1', 'a', null],
      ['2', '', 't'],
    ]);
  });

  it('gives a row as soon as its newline arrived', () => {
    const decoder = createCopyDecoder({ table: 'public.t', columns: 2 });
    const push = (text: string) => decoder.push(Buffer.from(text)).flatMap((rows) => [...rows]);
    expect(push('1\tol')).toEqual([]);
    expect(push('d\n2\tne')).toEqual([['1', 'old']]);
    expect(push('w')).toEqual([]);
    expect(push('\n')).toEqual([['2', 'new']]);
    decoder.end();
  });

  it('gives rows one by one and in parts, and says where a broken one stands in the table', () => {
    const decoder = createCopyDecoder({ table: 'public.t', columns: 1 });
    decoder.push(Buffer.from('a\nb\n'));
    const [rows] = decoder.push(Buffer.from('c\nd\ne\tf\n'));
    expect(rows?.length).toBe(3);
    expect(rows?.at(1)).toEqual(['d']);
    expect(rows?.at(3)).toBeUndefined();
    expect([...(rows?.slice(0, 2) ?? [])]).toEqual([['c'], ['d']]);
    expect(() => rows?.slice(2).at(0)).toThrow('copied row 5 of public.t: 2 columns, not 1');
  });

  it('leaves rows of ASCII text and NULL as bytes, and no others', () => {
    const decoder = createCopyDecoder({ table: 'public.t', columns: 2 });
    const lines = ['1\ta', '\\N\t', '\t\\N', 'é\tb', '\\\\\tb', '\\NN\tb', '\\Nxb', 'b\\N\t', 'a'];
    const [rows = []] = decoder.push(Buffer.from(`${lines.join('\n')}\n`));
    const packed = lines.map((_, index) => unpacked(rows, index, 2));
    expect(packed).toEqual([['1', 'a'], [null, ''], ['', null], null, null, null, null, null, null]);
  });

  it.each([
    ['control characters', '\\b\\f\\n\\r\\t\\v', '\b\f\n\r\t\v'],
    ['a backslash', '\\\\', '\\'],
    ['text that looks like NULL', '\\\\N', '\\N'],
    ['a backslash before an escape', '\\\\\\n', '\\\n'],
    ['bytea', '\\\\x00ff', '\\x00ff'],
    ['octal bytes of one, two and three digits', '\\7\\60\\101\\1018', '\x070AA8'],
    ['an octal number of more than eight bits', '\\501', 'A'],
    ['hexadecimal bytes of one and two digits', '\\x9\\x41\\x414', '\tAA4'],
    ['bytes that together make a character', 'n\\303\\244\\xc3\\xb6é', 'näöé'],
    ['an escape without a meaning', '\\a\\xg\\8', 'axg8'],
    ['an escaped character beside others', 'é\\\\ü', 'é\\ü'],
  ])('reads %s', (_, written, value) => {
    expect(decode(2, `${written}\tz\n`)).toEqual([[value, 'z']]);
  });

  it('keeps a byte order mark and a replacement character that really are in the data', () => {
    expect(decode(1, '\uFEFFa\uFFFD\n')).toEqual([['\uFEFFa\uFFFD']]);
  });

  it('reads rows without columns', () => {
    expect(decode(0, '\n\n')).toEqual([[], []]);
  });

  it('reads nothing from an empty table', () => {
    expect(decode(3, '')).toEqual([]);
  });

  it('gives back every row that the server can write, wherever chunks are cut', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      fc.string({ unit: fc.constantFrom('\\', '\n', '\t', 'N', 'x', '4', 'é', '.') }),
      fc.constant(null),
    );
    const table = fc
      .integer({ min: 1, max: 6 })
      .chain((columns) => fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { maxLength: 20 }));
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 40 }), (rows, size) => {
        const written = rows.map(line).join('');
        expect(decode(rows[0]?.length ?? 1, written)).toEqual(rows);
        expect(decode(rows[0]?.length ?? 1, written, size)).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  it('reads blocks above a mebibyte, and single rows longer than that', () => {
    const rows = Array.from({ length: 60 }, (_, index) => [String(index), 'é\n'.repeat(index * 1000), null]);
    const long = ['long', 'x'.repeat(3_000_000), 'end'];
    const written = [...rows, long, ...rows].map(line).join('');
    expect(decode(3, written)).toEqual([...rows, long, ...rows]);
    expect(decode(3, written, 65_536)).toEqual([...rows, long, ...rows]);
  });
});

describe('createCopyDecoder: what is not a copy', () => {
  it('names row and numbers when the columns do not fit', () => {
    expect(() => decode(3, '1\t2\t3\n1\t2\n')).toThrow(
      refusal('PROTOCOL', 'copied row 2 of public.t: 2 columns, not 3'),
    );
    expect(() => decode(2, '1\t2\t3\n')).toThrow(refusal('PROTOCOL', 'copied row 1 of public.t: 3 columns, not 2'));
    expect(() => decode(0, 'x\n')).toThrow(refusal('PROTOCOL', 'copied row 1 of public.t: 1 columns, not 0'));
  });

  it('counts rows over chunks', () => {
    expect(() => decode(1, 'a\nb\nc\nd\te\n', 1)).toThrow(refusal('PROTOCOL', /^copied row 4 of public.t:/));
  });

  it('refuses an unfinished row at the end', () => {
    expect(() => decode(2, '1\t2\n3\t4')).toThrow(
      refusal('PROTOCOL', 'copied row 2 of public.t: breaks off after 3 bytes'),
    );
  });

  it('refuses a lone backslash and an end marker', () => {
    expect(() => decode(2, 'a\tb\\\n')).toThrow(refusal('PROTOCOL', /^copied row 1 of public.t: column 2: /));
    expect(() => decode(1, 'a\n\\.\n')).toThrow(refusal('PROTOCOL', /^copied row 2 of public.t: column 1: /));
  });

  it.each([
    ['Latin-1', Buffer.from('ok\nGr\xf6\xdfe\n', 'latin1')],
    ['a cut sequence before a newline', Buffer.from('ok\n\xe2\x82\nx\n', 'latin1')],
    ['escaped bytes', Buffer.from('ok\n\\xff\n')],
  ])('refuses %s, never guesses', (_, content) => {
    expect(() => decode(1, content)).toThrow(refusal('SOURCE_ENCODING', /^copied row 2 of public.t: /));
    expect(() => decode(1, content, 2)).toThrow(refusal('SOURCE_ENCODING', /^copied row 2 of public.t: /));
  });

  it('decodes or refuses arbitrary bytes, in no other way', () => {
    const ways = expect.objectContaining({ code: expect.stringMatching(/^(PROTOCOL|SOURCE_ENCODING)$/) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 3 }), (content, columns) => {
        try {
          for (const row of decode(columns, Buffer.from(content))) expect(row).toHaveLength(columns);
        } catch (error) {
          expect(error).toEqual(ways);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
