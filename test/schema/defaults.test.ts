import { expect, it } from 'vitest';
import { DEFAULT_RULES, type Policy, type ValueRules } from '../../src/model/mapping.ts';
import { describeEngines } from '../support/schema-fixture.ts';

const rules = (policy: Policy): { readonly rules: ValueRules } => ({
  rules: { ...DEFAULT_RULES, policies: { default: 'error', classes: new Map([['INFINITE_DATETIME', policy]]) } },
});

describeEngines('defaults of added columns that the destination may not hold', (f) => {
  const isSqlite = () => f.place.engine === 'sqlite';
  const create = () => f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
  const add = () =>
    f.sql("ALTER TABLE t ADD at timestamp DEFAULT 'infinity'; INSERT INTO t VALUES (2, 'b', '2024-01-02 03:04:05')");

  it.each([
    ['null', null],
    ['clamp', '9999-12-31 23:59:59.999999'],
  ] as const)('are replaced by the policy %s, and recorded once, however often it dies', async (policy, held) => {
    await create();
    await f.sync({}, rules(policy));
    await add();
    await f.syncThroughCrashes({}, rules(policy));
    const [rows] = await f.there('SELECT at FROM t WHERE id = 1');
    expect(rows).toEqual([isSqlite() ? 'infinity' : held]);
    const lost = await f.there('SELECT row_key, table_name, column_name, pg_text, policy FROM pg2any_lost_values');
    expect(lost).toEqual(isSqlite() ? [] : [['{}', 't', 'at', 'infinity', policy]]);
  });

  it.each([
    ['known, whatever else wrote the rows before, so nothing is copied', 'VACUUM FULL t', '', false],
    ['in a new copy where they were written into the rows', '', 'VACUUM FULL t', true],
  ])('are replaced by NULL: %s', async (_, before, after, copies) => {
    await create();
    await f.sync({}, rules('null'));
    if (before) await f.sql(before);
    await add();
    if (after) await f.sql(after);
    const events = await f.sync({}, rules('null'));
    expect(events.some(({ event }) => event === 'table.uncopied')).toBe(copies);
    expect(await f.there('SELECT at FROM t WHERE id = 1')).toEqual([[isSqlite() ? 'infinity' : null]]);
    expect(await f.there('SELECT DISTINCT column_name FROM pg2any_lost_values')).toEqual(isSqlite() ? [] : [['at']]);
  });

  it('are told as they are replaced', async () => {
    await create();
    await f.sync({}, rules('null'));
    await add();
    const events = await f.sync({}, rules('null'));
    const told = events.filter(({ event }) => event === 'value.replaced').map(({ data }) => data?.column);
    expect(told).toEqual(isSqlite() ? [] : ['at']);
  });

  it('stop without a policy, with table, column, default and the line that lets them pass', async () => {
    await create();
    await f.sync();
    await add();
    if (isSqlite()) {
      await f.sync();
      return await f.expectSame('t');
    }
    await expect(f.sync()).rejects.toMatchObject({
      code: 'VALUE_UNREPRESENTABLE',
      message: expect.stringMatching(/public\.t: column at .*default 'infinity'.*INFINITE_DATETIME/),
      hint: expect.stringContaining('columns: { "public.t.at": { policy: { INFINITE_DATETIME: clamp } } }'),
    });
    await f.sync({}, rules('clamp'));
    expect(await f.there('SELECT at FROM t WHERE id = 1')).toEqual([['9999-12-31 23:59:59.999999']]);
  });
});
