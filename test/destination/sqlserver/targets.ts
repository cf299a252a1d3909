import type { ColumnCodec, Target } from '../../../src/destination/contract.ts';
import { sqlServerDialect } from '../../../src/destination/sqlserver/dialect.ts';
import { GUESSED } from '../../../src/destination/sqlserver/server.ts';
import { DEFAULT_RULES, type ValueRules } from '../../../src/model/mapping.ts';
import type { Relation } from '../../../src/model/relation.ts';

export const dialect = sqlServerDialect(GUESSED);

/** A table as it was made for this relation. */
export function targetFor(relation: Relation, rules: ValueRules = DEFAULT_RULES, more: Partial<Target> = {}): Target {
  const codecs: readonly ColumnCodec[] = sqlServerDialect(GUESSED, rules).codecs(relation);
  return {
    relation,
    place: dialect.place(relation.target),
    codecs,
    columns: relation.columns.map(({ name }) => dialect.quote(name)),
    ordered: null,
    bare: true,
    furtherUnique: false,
    ...more,
  };
}
