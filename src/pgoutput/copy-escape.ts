import { isUtf8 } from 'node:buffer';
import { Pg2anyError } from '../model/error.ts';

const ESCAPE = /\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[\s\S]?)/g;
const BYTE_ESCAPE = /\\(?:x[0-9A-Fa-f]|[0-7])/;

const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * One field of COPY text that has a backslash in it: `\N` is NULL, the rest stands for other characters or bytes. The
 * server writes `\\` and the control characters only; the manual also defines octal and hexadecimal bytes.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 *
 * @throws Pg2anyError PROTOCOL for a lone backslash or an end marker, SOURCE_ENCODING for bytes that are not UTF-8.
 */
export function unescapeCopy(field: string): string | null {
  if (field === '\\N') return null;
  // Most bytea values: an escaped backslash, then hexadecimal digits.
  if (field.startsWith('\\\\') && field.indexOf('\\', 2) < 0) return field.slice(1);
  return BYTE_ESCAPE.test(field) ? unescapeBytes(field) : field.replace(ESCAPE, character);
}

function character(_match: string, sequence: string): string {
  const control = CONTROLS[sequence];
  if (control !== undefined) return control;
  if (sequence === '' || sequence === '.')
    throw new Pg2anyError('PROTOCOL', `'\\${sequence}' in the middle of copied rows`);
  return sequence.length === 1 && !/[0-7]/.test(sequence) ? sequence : byte(sequence);
}

const byte = (sequence: string): string => {
  const code = sequence.startsWith('x') ? Number.parseInt(sequence.slice(1), 16) : Number.parseInt(sequence, 8);
  return String.fromCharCode(code);
};

/**
 * Several byte escapes can make up one character, so this works on bytes, held as one character each. Of an octal number
 * above 377 the low eight bits count, as on the server.
 */
function unescapeBytes(field: string): string {
  const bytes = Buffer.from(Buffer.from(field, 'utf8').toString('latin1').replace(ESCAPE, character), 'latin1');
  if (!isUtf8(bytes)) throw new Pg2anyError('SOURCE_ENCODING', 'escaped bytes of a copied value are not valid UTF-8');
  return bytes.toString('utf8');
}
