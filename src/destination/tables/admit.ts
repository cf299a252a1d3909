import { Pg2anyError } from '../../model/error.ts';
import type { Finding } from '../../model/finding.ts';
import { columnKey } from '../../model/mapping.ts';
import { nearest } from '../../model/nearest.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Dialect } from '../contract.ts';
import { CHECKPOINT_TABLE, TABLES_TABLE } from '../ledger/bookkeeping.ts';
import { LOST_TABLE } from '../ledger/lost-values.ts';
import type { FollowedRules } from './followed-rules.ts';

/** What is wrong with these tables together, seen without the destination's tables: all of them are given and followed. Pure. */
export function admission(dialect: Dialect, rules: FollowedRules, relations: readonly Relation[]): Finding[] {
  return [...sameTarget(dialect, relations), ...unknownColumns(rules, relations)];
}

/** Throws the first of the findings. */
export function assertAdmitted(findings: readonly Finding[]): void {
  const [first] = findings;
  if (!first) return;
  const code = first.check === 'columns' ? 'CONFIG_INVALID' : 'TABLE_UNSUITABLE';
  throw new Pg2anyError(code, first.message, first.fix ? { hint: first.fix.text } : {});
}

const block = (check: string, relation: Relation | null, message: string, text: string): Finding => ({
  check,
  severity: 'block',
  ...(relation ? { table: relationName(relation) } : {}),
  message,
  fix: { side: 'config', sql: [], text },
});

/** Two source tables that would share one destination table, or take the place of one of ours. */
function sameTarget(dialect: Dialect, relations: readonly Relation[]): Finding[] {
  const ours = [CHECKPOINT_TABLE, TABLES_TABLE, LOST_TABLE].map((name) => ({ schema: null, name }));
  const taken = new Map(ours.map((target) => [dialect.samePlace(target), `pg2any's own table ${target.name}`]));
  return relations.flatMap((relation): Finding[] => {
    const place = dialect.samePlace(relation.target);
    const other = taken.get(place);
    if (other === undefined) taken.set(place, relationName(relation));
    if (other === undefined) return [];
    const message = `${relationName(relation)} and ${other} would share the destination table ${dialect.place(relation.target).sql}`;
    const text = 'Leave one out with CDC_TABLES, or map its schema elsewhere with CDC_SCHEMA_MAPPING.';
    return [block('destination_names', relation, message, text)];
  });
}

/** What is said about columns that are not there would have no effect, and nobody would notice. */
function unknownColumns({ configuredNames, matched }: FollowedRules, relations: readonly Relation[]): Finding[] {
  if (relations.length === 0) return [];
  const known = relations.flatMap((relation) => relation.columns.map(({ name }) => columnKey(relation, name)));
  return configuredNames
    .filter((name) => !matched.has(name))
    .map((name) => {
      const meant = nearest(name, known);
      const message = `columns names ${name}, which no replicated table has${meant ? `; did you mean ${meant}?` : ''}`;
      return block('columns', null, message, 'Correct or remove it: schema.table.column, spelled as in the catalog.');
    });
}
