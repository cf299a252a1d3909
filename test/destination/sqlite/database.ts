import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach } from 'vitest';
import type { Engine, Session, Target } from '../../../src/destination/contract.ts';
import { sqliteDialect } from '../../../src/destination/sqlite/dialect.ts';
import { openSqlite } from '../../../src/destination/sqlite/engine.ts';
import type { Relation } from '../../../src/model/relation.ts';

/** A database file of its own for the test under way; removed afterwards, and so are its sessions. */
export interface TestDatabase {
  readonly file: string;
  readonly engine: Engine;
  open(): Promise<Session>;
}

const cleanup: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

export const sqliteUrl = (file: string): URL => new URL(pathToFileURL(file).href.replace(/^file:/, 'sqlite:'));

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pg2any-sqlite-'));
  cleanup.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function database(): TestDatabase {
  const file = join(folder(), 'copy.db');
  const engine = openSqlite({ url: sqliteUrl(file) });
  const open = async () => {
    const session = await engine.open();
    cleanup.push(() => session.close());
    return session;
  };
  return { file, engine, open };
}

/** The target of a table made by the dialect's own DDL. */
export function targetOf(relation: Relation): Target {
  const columns = relation.columns.map(({ name }) => sqliteDialect.quote(name));
  const place = sqliteDialect.place(relation.target);
  const codecs = sqliteDialect.codecs(relation);
  return { relation, place, codecs, columns, ordered: null, bare: true, furtherUnique: false };
}

export async function create(session: Session, relation: Relation): Promise<Target> {
  const target = targetOf(relation);
  for (const sql of sqliteDialect.createTable(relation, target.codecs)) await session.runLong(sql);
  return target;
}
