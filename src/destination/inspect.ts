import { asPg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Engine, Session } from './contract.ts';
import { compareTable } from './fit.ts';

/** What `prepare` would find in the way of each table. Changes nothing. */
export async function inspectTables(
  engine: Engine,
  session: Session,
  relations: readonly Relation[],
  autoCreateTables: boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const relation of relations) findings.push(...(await inspectTable(engine, session, relation, autoCreateTables)));
  return [...findings, ...sameTarget(engine, relations)];
}

async function inspectTable(
  engine: Engine,
  session: Session,
  relation: Relation,
  autoCreateTables: boolean,
): Promise<Finding[]> {
  const { dialect } = engine;
  const table = relationName(relation);
  const block = (message: string, text: string, sql: readonly string[] = []): Finding => ({
    check: 'destination_table',
    severity: 'block',
    table,
    message,
    fix: { side: 'destination', sql, text },
  });
  try {
    const codecs = dialect.codecs(relation);
    const existing = await engine.describe(session, dialect.place(relation.target));
    if (!existing) {
      if (autoCreateTables) return [];
      return [
        block(
          'the destination table does not exist and automatic creation is off',
          'Create it.',
          dialect.createTable(relation, codecs),
        ),
      ];
    }
    const { missing, problems } = compareTable(dialect, relation, codecs, existing);
    const absent = missing.map((index) => `column ${relation.columns[index]?.name} is missing`);
    return [...absent, ...problems].map((problem) =>
      block(`the destination table does not fit: ${problem}`, 'Change, rename or drop the destination table.'),
    );
  } catch (error) {
    const { message, hint } = asPg2anyError(error);
    return [block(message, hint)];
  }
}

/** Two source tables that would share one destination table. */
function sameTarget(engine: Engine, relations: readonly Relation[]): Finding[] {
  const byPlace = new Map<string, string>();
  return relations.flatMap((relation): Finding[] => {
    const { sql } = engine.dialect.place(relation.target);
    const other = byPlace.get(sql);
    byPlace.set(sql, relationName(relation));
    if (other === undefined) return [];
    const message = `${relationName(relation)} and ${other} would both go to ${sql}`;
    const fix = { side: 'config', sql: [], text: 'Map one of the schemas elsewhere with CDC_SCHEMA_MAPPING.' } as const;
    return [{ check: 'destination_table', severity: 'block', table: relationName(relation), message, fix }];
  });
}
