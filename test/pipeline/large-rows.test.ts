import { expect, it } from 'vitest';
import { DEFAULT_RULES, type ValueRules } from '../../src/model/mapping.ts';
import { describeMysqlFamily } from '../support/schema-fixture.ts';

const rules: { readonly rules: ValueRules } = {
  rules: { ...DEFAULT_RULES, policies: { default: 'error', classes: new Map([['PACKET_TOO_LARGE', 'null']]) } },
};

describeMysqlFamily('rows that no packet takes', (f) => {
  it('become smaller by their longest value, whose beginning and length are recorded, in copy and stream', async () => {
    const [[limit] = []] = await f.there('SELECT @@max_allowed_packet');
    const most = Number(limit);
    await f.sql('CREATE TABLE t (id int PRIMARY KEY, a text, b bytea, c text)');
    const insert = (id: number): string =>
      `INSERT INTO t VALUES (${id}, repeat('é', ${Math.floor(most / 4)}), convert_to(repeat('x', ${Math.floor(most / 3)}), 'UTF8'), 'c')`;
    await f.sql(insert(1));
    await f.sync({}, rules);
    await f.sql(`${insert(2)}; INSERT INTO t VALUES (3, 'a', 'b', 'c')`);
    await f.sql("UPDATE t SET c = 'd' WHERE id = 2");
    const events = await f.sync({}, rules);
    expect(await f.there('SELECT id, CHAR_LENGTH(a), LENGTH(b), c FROM t ORDER BY id')).toEqual([
      ['1', `${Math.floor(most / 4)}`, null, 'c'],
      ['2', `${Math.floor(most / 4)}`, null, 'd'],
      ['3', '1', '1', 'c'],
    ]);
    const lost = await f.there(
      'SELECT row_key, column_name, class, policy, pg_text FROM pg2any_lost_values ORDER BY row_key',
    );
    const told = `[cut: ${Math.floor(most / 3) * 2 + 2} characters in all]`;
    expect(lost.map(([key, column, one, policy]) => [key, column, one, policy])).toEqual([
      ['{"id":"1"}', 'b', 'PACKET_TOO_LARGE', 'null'],
      ['{"id":"2"}', 'b', 'PACKET_TOO_LARGE', 'null'],
    ]);
    for (const row of lost) expect(row[4]?.startsWith('\\x7878') && row[4].endsWith(told)).toBe(true);
    expect(events.find(({ event }) => event === 'value.replaced')?.message).toContain('the first 65,536 characters');
  });

  it('stop without the policy, with the line that lets them pass', async () => {
    const [[limit] = []] = await f.there('SELECT @@max_allowed_packet');
    await f.sql(`CREATE TABLE t (id int PRIMARY KEY, b bytea);
      INSERT INTO t VALUES (1, convert_to(repeat('x', ${Math.floor(Number(limit) / 2)}), 'UTF8'))`);
    const byDefault = { rules: { ...DEFAULT_RULES, policies: { default: 'null' as const, classes: new Map() } } };
    await expect(f.sync({}, byDefault)).rejects.toMatchObject({
      code: 'VALUE_UNREPRESENTABLE',
      hint: expect.stringContaining('columns: { "public.t.b": { policy: { PACKET_TOO_LARGE: null } } }'),
    });
  });
});
