import { Pg2anyError } from '../../model/error.ts';
import { type Column, type Relation, relationName } from '../../model/relation.ts';

/** https://learn.microsoft.com/sql/relational-databases/databases/database-identifiers */
export const quote = (identifier: string): string => `[${identifier.replaceAll(']', ']]')}]`;

const MAX_NAME = 128;

/** Most databases do not tell names apart by case. */
export const folded = (name: string): string => name.toLowerCase();

export const unsuitable = (relation: Relation, why: string, hint?: string): Pg2anyError =>
  new Pg2anyError('TABLE_UNSUITABLE', `${relationName(relation)} cannot be held: ${why}`, hint ? { hint } : {});

function nameProblem(name: string): string | null {
  if (name.endsWith(' ')) return `the name '${name}' ends with a space`;
  return name.length > MAX_NAME ? `the name '${name}' is longer than ${MAX_NAME} characters` : null;
}

/** Throws TABLE_UNSUITABLE where a name cannot stand there, or two columns would share one. */
export function checkNames(relation: Relation): void {
  const { schema, name } = relation.target;
  for (const one of [schema ?? '', name, ...relation.columns.map((column) => column.name)]) {
    const problem = nameProblem(one);
    if (problem !== null) throw unsuitable(relation, problem);
  }
  if (name.startsWith('#'))
    throw unsuitable(relation, `names that begin with # are those of temporary tables: ${name}`);
  const seen = new Map<string, Column>();
  for (const column of relation.columns) {
    const other = seen.get(folded(column.name));
    if (other) throw unsuitable(relation, `the columns ${other.name} and ${column.name} differ in case only`);
    seen.set(folded(column.name), column);
  }
}
