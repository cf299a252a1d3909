import type { Column, Relation } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import {
  type EngineName,
  isOmitted,
  sameText,
  sourceText,
  type Text,
  typeOf,
  type Vector,
  vectors,
} from '../support/type-vectors.ts';

/** A table with a column per type, and as many rows as the type with the most vectors needs. */
export interface VectorTable {
  readonly relation: Relation;
  readonly rows: readonly Row[];
  /** What each cell holds, in the same places; null where the cell is just NULL. */
  readonly cells: readonly (readonly (Vector | null)[])[];
}

/** The narrowest limit on columns of large text is far above this. */
const TYPES_PER_TABLE = 20;

export const representable = (engine: EngineName): readonly Vector[] =>
  vectors.filter((vector) => vector[engine].unrepresentable === undefined);

export const unrepresentable = (engine: EngineName): readonly Vector[] =>
  vectors.filter((vector) => vector[engine].unrepresentable !== undefined);

export function byType(list: readonly Vector[]): ReadonlyMap<string, readonly Vector[]> {
  const groups = new Map<string, Vector[]>();
  for (const vector of list) {
    const group = groups.get(vector.pgType);
    if (group) group.push(vector);
    else groups.set(vector.pgType, [vector]);
  }
  return groups;
}

/** All vectors that the engine can hold, spread over a few tables. Rows beyond the vectors repeat them. */
export function vectorTables(engine: EngineName, identity: 'key' | 'row', minimumRows = 0): readonly VectorTable[] {
  const types = [...byType(representable(engine)).values()];
  const tables: VectorTable[] = [];
  for (let at = 0; at < types.length; at += TYPES_PER_TABLE)
    tables.push(tableOf(`vectors_${tables.length}`, types.slice(at, at + TYPES_PER_TABLE), identity, minimumRows));
  return tables;
}

function tableOf(
  name: string,
  types: readonly (readonly Vector[])[],
  identity: 'key' | 'row',
  minimum: number,
): VectorTable {
  const base = relation(name, ['id int8'], identity === 'key' ? ['id'] : 'row');
  const columns = [...base.columns, ...types.map((list, i) => columnOf(list, i))];
  const count = Math.max(minimum, ...types.map((list) => list.length));
  const cells = Array.from({ length: count }, (_, row) =>
    types.map((list) => list[row % Math.max(1, minimum ? list.length : count)] ?? null),
  );
  const rows = cells.map((line, row): Row => [`${row}`, ...line.map((vector) => (vector ? sourceText(vector) : null))]);
  const key = identity === 'key' ? [0] : columns.map((_, i) => i);
  return { relation: { ...base, columns, key }, rows, cells };
}

function columnOf(list: readonly Vector[], index: number): Column {
  const [first] = list;
  if (!first) throw new Error('a type without a vector');
  return { name: `c${index}`, type: typeOf(first), notNull: false, attnum: index + 2 };
}

/** Values of keys that SQL Server refuses: its decimal of an unbounded numeric has 20 digits after the point. */
export const isBeyond = (engine: EngineName, text: string): boolean =>
  engine === 'sqlserver' && /^-?\d+\.\d{21}|^24:00:00/.test(text);

/** Whether what was read is the vector's value: by its text, or where a destination prints its own way by its number. */
export function arrived(vector: Vector | null, engine: EngineName, found: string | null): boolean {
  if (vector && found !== null && /^float/.test(vector.base.typname) && vector[engine].expectedText === null) {
    const value = Number(sourceText(vector));
    return vector.base.typname === 'float4'
      ? Math.fround(Number(found)) === Math.fround(value)
      : Number(found) === value;
  }
  return sameText(vector ? expected(vector, engine) : null, found);
}

/** What reading the destination column must give. */
export const expected = (vector: Vector, engine: EngineName): Text => vector[engine].expectedText ?? null;

export const shown = (text: Text): string =>
  (isOmitted(text) ? `${text.chars} characters` : JSON.stringify(text)).slice(0, 200);
