import type { Engine, Session, Target } from '../../../src/destination/contract.ts';
import { openMysql } from '../../../src/destination/mysql/index.ts';
import type { Relation } from '../../../src/model/relation.ts';

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
