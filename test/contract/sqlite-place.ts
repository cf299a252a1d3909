import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { OPTIONS, openDestination } from './open.ts';
import type { Cells, Place } from './place.ts';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A file of its own in a folder of its own. */
export async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-contract-'));
  const file = join(folder, 'copy.db');
  const url = new URL(pathToFileURL(file).href.replace(/^file:/, 'sqlite:'));
  const db = new Database(file);
  return {
    engine: 'sqlite',
    url,
    types: { integer: 'INTEGER', text: 'TEXT', keyText: 'TEXT' },
    open: (options) => openDestination('sqlite', { ...OPTIONS, url, ...options }),
    quote,
    table: ({ target }) => quote(target.schema === null ? target.name : `${target.schema}__${target.name}`),
    schema: (name) => name,
    query: async (sql) => (db.prepare(sql).raw().safeIntegers().all() as unknown[][]).map((row) => row.map(cell)),
    exec: async (sql) => void db.exec(sql),
    close: async () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const cell = (value: unknown): Cells[number] =>
  value === null ? null : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
