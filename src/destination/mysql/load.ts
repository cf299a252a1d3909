import { Readable } from 'node:stream';
import type { Row } from '../../model/value.ts';
import type { ColumnCodec, Target } from '../contract.ts';
import { exclusive } from '../exclusive.ts';
import { keyOf } from '../refusal.ts';
import { sizeOf, spelled } from './encoding.ts';

/** The name that the server must ask for; there is no such file. */
const NAME = 'pg2any';

/** Characters of text per LOAD: near its full speed, and small enough that spelling and loading overlap. */
const LOAD_SIZE = 512 * 1024;
/** Characters per write to the socket. */
const PIECE_SIZE = 256 * 1024;

/**
 * Bytes travel in hexadecimal. Without REPLACE, LOCAL means IGNORE: duplicates and values that do not fit end as
 * warnings, so there must be none. https://dev.mysql.com/doc/refman/8.4/en/load-data.html
 */
export function loadSql(target: Target, replace: boolean): string {
  const isBytes = (i: number): boolean => target.codecs[i]?.storage === 'bytes';
  const fields = target.columns.map((column, i) => (isBytes(i) ? `@v${i}` : column));
  const set = target.columns.flatMap((column, i) => (isBytes(i) ? [`${column} = UNHEX(@v${i})`] : []));
  return [
    `LOAD DATA LOCAL INFILE '${NAME}'${replace ? ' REPLACE' : ''} INTO TABLE ${target.place.sql} CHARACTER SET utf8mb4`,
    String.raw`FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n'`,
    `(${fields.join(', ')})${set.length > 0 ? ` SET ${set.join(', ')}` : ''}`,
  ].join(' ');
}

const SPECIAL = /[\t\n\r\\\0]/;
const ALL_SPECIAL = /[\t\n\r\\\0]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\', '\0': '\\0' };

export const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] ?? character) : text;

const field = ({ plain }: ColumnCodec, encoded: string): string => (plain ? encoded : escaped(encoded));

/** One row with its line end. Throws VALUE_UNREPRESENTABLE. */
export function line(target: Target, row: Row): string {
  const key = (): Row => keyOf(target.relation, row);
  let text = '';
  for (let i = 0; i < target.columns.length; i++)
    text += (i === 0 ? '' : '\t') + spelled(target, i, row[i], key, field, '\\N');
  return `${text}\n`;
}

export interface Load {
  readonly rows: readonly Row[];
  readonly pieces: readonly Buffer[];
}

/** The rows in loads of bounded size; each is whole, and its values checked, before it is handed out. */
export function* loads(target: Target, rows: readonly Row[], maxAllowedPacket: number): Generator<Load> {
  let from = 0;
  let size = 0;
  let text = '';
  let pieces: Buffer[] = [];
  const cut = (): void => {
    pieces.push(Buffer.from(text));
    text = '';
  };
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? [];
    const one = line(target, row);
    size += sizeOf(target, row, one, maxAllowedPacket);
    text += one;
    if (text.length >= PIECE_SIZE) cut();
    if (size < LOAD_SIZE && at + 1 < rows.length) continue;
    cut();
    yield { rows: rows.slice(from, at + 1), pieces };
    from = at + 1;
    size = 0;
    pieces = [];
  }
}

/**
 * What the driver calls when the server asks for a file. A server may ask for any file there is, at any time: it gets
 * this load, once, and nothing else. `handedOver` is called when all of it is with the driver.
 */
export function onlyThis(
  pieces: readonly Buffer[],
  handedOver: () => void = () => undefined,
): (path: string) => Readable {
  let given = false;
  return (path) => {
    if (path === NAME && !given) {
      given = true;
      return Readable.from(pieces, { objectMode: false }).once('end', handedOver);
    }
    const refused = new Error(`the server asked for the file ${JSON.stringify(path)}, which it does not get`);
    return new Readable({
      read() {
        this.destroy(refused);
      },
    });
  };
}

/**
 * One load at a time in this process. The driver ends every load with one shared packet, into which it writes the
 * connection's sequence number: while it waits in one socket's buffer another load would change it, and the server of
 * the first would wait for ever.
 */
export const oneAtATime = exclusive();
