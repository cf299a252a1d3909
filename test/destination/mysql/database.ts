import { afterAll, beforeAll } from 'vitest';
import type { Engine, Session, Target } from '../../../src/destination/contract.ts';
import { openMysql } from '../../../src/destination/mysql/index.ts';
import type { Relation } from '../../../src/model/relation.ts';
import type { Row } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, mysql } from '../../support/services.ts';

export const engineOf = (url: string, queryTimeoutMs = 60_000): Engine =>
  openMysql({ url: new URL(url), connectTimeoutMs: 10_000, queryTimeoutMs });

export function targetOf({ dialect }: Engine, relation: Relation, more: Partial<Target> = {}): Target {
  const columns = relation.columns.map(({ name }) => dialect.quote(name));
  const place = dialect.place(relation.target);
  const codecs = dialect.codecs(relation);
  return { relation, place, codecs, columns, ordered: null, bare: true, furtherUnique: false, ...more };
}

/** The table anew, made by the dialect's own DDL. */
export async function create(engine: Engine, session: Session, relation: Relation): Promise<Target> {
  const target = targetOf(engine, relation);
  await session.runLong(`DROP TABLE IF EXISTS ${target.place.sql}`);
  for (const sql of engine.dialect.createTable(relation, target.codecs)) await session.runLong(sql);
  return target;
}

/** What a test of one server has in hand: a database of its own and an open session in it. */
export interface Bench {
  readonly name: 'mariadb' | 'mysql';
  database: FreshDatabase;
  engine: Engine;
  session: Session;
}

/** The same promises over MariaDB and over MySQL. The bench is filled before the first test runs. */
export async function onBothServers(body: (bench: Bench) => void): Promise<void> {
  for (const [name, server] of [
    ['mariadb', mariadb],
    ['mysql', mysql],
  ] as const) {
    await describeWith(name, server, (shared) => {
      const bench = { name } as Bench;

      beforeAll(async () => {
        bench.database = await freshDatabase(shared);
        bench.engine = engineOf(bench.database.url);
        await bench.engine.connect();
        bench.session = await bench.engine.open();
      });

      afterAll(async () => {
        await bench.session.close();
        await bench.database.drop();
      });

      body(bench);
    });
  }
}

/** A table whose text and bytes have to be escaped. */
export const notes = (): Relation => relation('notes', ['id int8', 'a int4', 'note text', 'raw bytea'], ['id']);

/** Rows of `notes`, with every special character in them. */
export const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => [`${i}`, '1', `tab\t \\N back\\ \n\r ${i} 😀`, i % 2 ? '\\x00ff0a' : null]);
