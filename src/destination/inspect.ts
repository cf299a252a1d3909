import { asPg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Engine, Session } from './contract.ts';
import { compareTable, problemsOf } from './fit.ts';
import { placeColumns } from './placement.ts';

/** What `prepare` would find in the way of each table. Changes nothing. */
export async function inspectTables(
  engine: Engine,
  session: Session,
  relations: readonly Relation[],
  autoCreateTables: boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const relation of relations) findings.push(...(await inspectTable(engine, session, relation, autoCreateTables)));
  return findings;
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
    const placement = placeColumns(dialect, relation, null, existing);
    const fit = compareTable(dialect, relation, codecs, existing, placement);
    return problemsOf(relation, placement, fit).map((problem) =>
      block(`the destination table does not fit: ${problem}`, 'Change, rename or drop the destination table.'),
    );
  } catch (error) {
    const { message, hint } = asPg2anyError(error);
    return [block(message, hint)];
  }
}
