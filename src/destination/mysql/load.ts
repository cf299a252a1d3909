import { Readable } from 'node:stream';
import type { Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { fits, tooLarge } from './encoding.ts';
import { Lines } from './lines.ts';
import { written } from './row-bytes.ts';

/** The name that the server must ask for; there is no such file. */
const NAME = 'pg2any';

/** Bytes per LOAD: near its full speed, and small enough that spelling and loading overlap. */
const LOAD_SIZE = 512 * 1024;

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
  readonly rows: Rows;
  readonly pieces: readonly Buffer[];
}

/** The rows in loads of bounded size; each is whole, and its values checked, before it is handed out. */
export function* loads(target: Target, rows: Rows, maxAllowedPacket: number): Generator<Load> {
  const lines = new Lines(target);
  let from = 0;
  let at = 0;
  for (const size of written(lines, rows)) {
    if (!fits(target, size, maxAllowedPacket)) throw tooLarge(target, rows.at(at) ?? [], size, maxAllowedPacket);
    at++;
    if (lines.size < LOAD_SIZE && at < rows.length) continue;
    yield { rows: rows.slice(from, at), pieces: lines.take() };
    from = at;
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
