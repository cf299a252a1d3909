import { Readable } from 'node:stream';
import { Pg2anyError } from '../../model/error.ts';
import type { Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { fits, tooLarge } from './encoding.ts';
import { Lines } from './lines.ts';
import { written } from './row-bytes.ts';

/** The name that the server must ask for; there is no such file. */
const NAME = 'pg2any';

/** Bytes after which a LOAD ends and the next one begins: its time counts against the query timeout. */
const LOAD_SIZE = 4 * 1024 * 1024;

/** Bytes that are spelled at once: the server has something to do soon, and spelling keeps ahead of it. */
const PIECE_SIZE = 64 * 1024;

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

export interface Load {
  /**
   * The rows as lines, spelled as they are taken; a piece is good until the next but one is. Throws
   * VALUE_UNREPRESENTABLE: what was taken must be rolled back.
   */
  readonly pieces: Iterable<Buffer>;
  /** How many rows the pieces so far have. */
  readonly count: number;
}

/** All rows in loads of bounded size; each must be taken whole before the next one. */
export function* loads(target: Target, rows: Rows, maxAllowedPacket: number): Generator<Load> {
  const lines = new Lines(target);
  const sizes = written(lines, rows);
  let at = 0;
  const line = (): number => {
    const size = Number(sizes.next().value);
    if (!fits(target, size, maxAllowedPacket)) throw tooLarge(target, rows.at(at) ?? [], size, maxAllowedPacket);
    at++;
    return size;
  };
  function* pieces(): Generator<Buffer> {
    for (let bytes = 0; bytes < LOAD_SIZE && at < rows.length; ) {
      bytes += line();
      if (lines.size >= PIECE_SIZE) yield* lines.take();
    }
    yield* lines.take();
  }
  while (at < rows.length) {
    const from = at;
    yield {
      pieces: pieces(),
      get count() {
        return at - from;
      },
    };
    if (at === from) throw new Pg2anyError('INTERNAL', 'a load ended before its rows were asked for');
  }
}

/**
 * What the driver calls when the server asks for a file. A server may ask for any file there is, at any time: it gets
 * this load, once, and nothing else. The driver takes a piece when its socket has sent the one before, and copies it
 * at once.
 */
export function onlyThis(pieces: Iterable<Buffer>): (path: string) => Readable {
  let given = false;
  return (path) => {
    if (path === NAME && !given) {
      given = true;
      return Readable.from(pieces, { objectMode: false });
    }
    const refused = new Error(`the server asked for the file ${JSON.stringify(path)}, which it does not get`);
    return new Readable({
      read() {
        this.destroy(refused);
      },
    });
  };
}
