import { expect, it } from 'vitest';
import { type ColumnOverride, DEFAULT_RULES, type ValueRules } from '../../src/model/mapping.ts';
import { describeEngines } from '../support/schema-fixture.ts';

const rules = (columns: Readonly<Record<string, ColumnOverride>>): { readonly rules: ValueRules } => ({
  rules: { ...DEFAULT_RULES, columns: new Map(Object.entries(columns)) },
});

describeEngines('rules of columns that are renamed, or whose table is', (f) => {
  const binary = (): ColumnOverride =>
    f.place.engine === 'sqlite' ? { type: 'BLOB' } : { type: 'BINARY(16)', uuid: 'binary16' };
  const A = 'aaaaaaaa-0000-4000-8000-000000000001';
  const kept = async (table: string, column: string) => {
    const hex = await f.there(`SELECT lower(hex(${column})) FROM ${table} ORDER BY id`);
    expect(new Set(hex.flat())).toEqual(new Set([A.replaceAll('-', '')]));
    return hex.length;
  };

  it('hold while running and after a restart, with a warning, and may be given their new name', async () => {
    await f.sql(`CREATE TABLE t (id int PRIMARY KEY, u uuid); INSERT INTO t VALUES (1, '${A}')`);
    const old = rules({ 'public.t.u': binary() });
    const run = await f.start({}, old);
    await f.sql(`ALTER TABLE t RENAME TO s; ALTER TABLE s RENAME u TO w; INSERT INTO s VALUES (2, '${A}')`);
    await run.saw('column.renamed');
    await f.sql(`ALTER TABLE s RENAME w TO x; INSERT INTO s VALUES (3, '${A}')`);
    await run.saw('config.outdated');
    await run.stop();
    const events = await f.sync({}, old);
    await f.sql(`ALTER TABLE s ADD n int; INSERT INTO s VALUES (4, '${A}')`);
    events.push(...(await f.sync({}, old)));
    expect(await kept('s', 'x')).toBe(4);
    expect(events.filter(({ event }) => event === 'config.outdated').map(({ data }) => data?.now)).toContain(
      'public.s.x',
    );
    await f.sql(`INSERT INTO s VALUES (5, '${A}')`);
    const renamed = await f.sync({}, rules({ 'public.s.x': binary() }));
    expect(renamed.some(({ event }) => event === 'config.outdated')).toBe(false);
    expect(await kept('s', 'x')).toBe(5);
  });

  it('do not hold for another table that gets a name in between', async () => {
    const old = rules({ 'public.t.u': binary() });
    await f.sql(`CREATE TABLE t (id int PRIMARY KEY, u uuid); INSERT INTO t VALUES (1, '${A}')`);
    await f.sync({}, old);
    await f.sql(`ALTER TABLE t RENAME TO s; INSERT INTO s VALUES (2, '${A}')`);
    await f.sync({}, old);
    await f.sql(`ALTER TABLE s RENAME TO r; CREATE TABLE s (id int PRIMARY KEY, u uuid); INSERT INTO s VALUES (1, '${A}');
      INSERT INTO r VALUES (3, '${A}')`);
    await f.sync({}, old);
    expect(await kept('r', 'u')).toBe(3);
    expect(await f.there('SELECT u FROM s')).toEqual([[A]]);
  });

  it('of a numeric that is DECIMAL or text by its values keep the text', async () => {
    const auto = rules({ 'public.t.n': { numericUnbounded: 'auto' } });
    const wide = `${'9'.repeat(40)}.5`;
    await f.sql(`CREATE TABLE t (id int PRIMARY KEY, n numeric); INSERT INTO t VALUES (1, ${wide})`);
    await f.sync({}, auto);
    await f.sql(`ALTER TABLE t RENAME TO s; INSERT INTO s VALUES (2, ${wide})`);
    await f.sync({}, auto);
    await f.sql(`ALTER TABLE s RENAME n TO m; INSERT INTO s VALUES (3, ${wide})`);
    await f.sync({}, auto);
    expect(await f.there('SELECT m FROM s')).toEqual([[wide], [wide], [wide]]);
  });
});
