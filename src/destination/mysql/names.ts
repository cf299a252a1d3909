import { Pg2anyError } from '../../model/error.ts';
import { type Column, type Relation, relationName } from '../../model/relation.ts';

/** https://dev.mysql.com/doc/refman/8.4/en/identifiers.html */
export const quote = (identifier: string): string => `\`${identifier.replaceAll('`', '``')}\``;

/** Column names are compared without case on every server; accents count. */
export const folded = (name: string): string => name.toLowerCase();

export const unsuitable = (relation: Relation, why: string, hint?: string): Pg2anyError =>
  new Pg2anyError('TABLE_UNSUITABLE', `${relationName(relation)} cannot be held: ${why}`, hint ? { hint } : {});

// MySQL turns what is beyond the basic plane into question marks, so that two names may become one
const BEYOND_BASIC_PLANE = /[\u{10000}-\u{10ffff}]/u;

function nameProblem(name: string): string | null {
  if (name.endsWith(' ')) return `the name '${name}' ends with a space`;
  if (BEYOND_BASIC_PLANE.test(name)) return `the name '${name}' has characters that names may not have there`;
  return name.length > 64 ? `the name '${name}' is longer than 64 characters` : null;
}

/** Throws TABLE_UNSUITABLE where a name cannot stand there, or two columns would share one. */
export function checkNames(relation: Relation): void {
  const { schema, name } = relation.target;
  for (const one of [schema ?? '', name, ...relation.columns.map((column) => column.name)]) {
    const problem = nameProblem(one);
    if (problem !== null) throw unsuitable(relation, problem);
  }
  const seen = new Map<string, Column>();
  for (const column of relation.columns) {
    const other = seen.get(folded(column.name));
    if (other) throw unsuitable(relation, `the columns ${other.name} and ${column.name} differ in case only`);
    seen.set(folded(column.name), column);
  }
}
