import { describe, expect, it } from 'vitest';
import { mysqlDialect } from '../../../src/destination/mysql/dialect.ts';
import { guessedServer } from '../../../src/destination/mysql/server.ts';
import { sqliteDialect } from '../../../src/destination/sqlite/dialect.ts';
import { admission, assertAdmitted } from '../../../src/destination/tables/admit.ts';
import { FollowedRules } from '../../../src/destination/tables/followed-rules.ts';
import { DEFAULT_RULES, type ValueRules } from '../../../src/model/mapping.ts';
import type { Relation } from '../../../src/model/relation.ts';
import { relation } from '../../support/relations.ts';

const linux = mysqlDialect({ ...guessedServer('MySQL'), database: 'shop' });
const windows = mysqlDialect({ ...guessedServer('MySQL'), database: 'shop', tableCase: false });

const table = (name: string, schema: string | null = null): Relation => {
  const base = relation(name, ['id int4', 'v text'], ['id']);
  return { ...base, schema: schema ?? 'public', target: { schema, name } };
};

const followed = (rules: ValueRules, relations: readonly Relation[]): FollowedRules => {
  const all = FollowedRules.of(rules);
  for (const one of relations) all.follow(one, null);
  return all;
};

describe('tables that would become one', () => {
  it.each([
    ['SQLite, by case', sqliteDialect, [table('Orders'), table('orders')], true],
    ['SQLite, where only ASCII folds', sqliteDialect, [table('É'), table('é')], false],
    ['SQLite, by the schema in the name', sqliteDialect, [table('b', 'a'), table('a__b')], true],
    ['a server that keeps case', linux, [table('Orders'), table('orders')], false],
    ['a server that does not', windows, [table('Orders'), table('orders')], true],
    ['a server that does not, by schema', windows, [table('t', 'Sales'), table('t', 'sales')], true],
    ["the connection's own database, mapped to", linux, [table('t'), table('t', 'shop')], true],
    ['a table of pg2any', linux, [table('pg2any_checkpoint')], true],
    ['nothing', windows, [table('a'), table('b')], false],
  ] as const)('are found: %s', (_, dialect, relations, found) => {
    const findings = admission(dialect, followed(DEFAULT_RULES, relations), relations);
    expect(findings.map(({ severity }) => severity)).toEqual(found ? ['block'] : []);
    if (found) expect(() => assertAdmitted(findings)).toThrow(expect.objectContaining({ code: 'TABLE_UNSUITABLE' }));
  });
});

describe('what is configured for a column', () => {
  const rules = (name: string) => ({ ...DEFAULT_RULES, columns: new Map([[name, { type: 'TEXT' }]]) });

  it('must be one that is replicated; the nearest is suggested', () => {
    const tables = [table('orders'), table('items')];
    const findings = admission(sqliteDialect, followed(rules('public.orders.vv'), tables), tables);
    expect(findings).toMatchObject([{ check: 'columns', severity: 'block' }]);
    expect(findings[0]?.message).toContain('did you mean public.orders.v?');
    expect(() => assertAdmitted(findings)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('is fine where it is, and unknown where the source could not be read', () => {
    const right = rules('public.orders.v');
    expect(admission(sqliteDialect, followed(right, [table('orders')]), [table('orders')])).toEqual([]);
    expect(admission(sqliteDialect, followed(right, []), [])).toEqual([]);
  });
});
