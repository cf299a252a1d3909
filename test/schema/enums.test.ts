import { expect, it } from 'vitest';
import { DEFAULT_RULES, type ValueRules } from '../../src/model/mapping.ts';
import { describeMysqlFamily } from '../support/schema-fixture.ts';

const rules = (more: Partial<ValueRules> = {}): { readonly rules: ValueRules } => ({
  rules: { ...DEFAULT_RULES, types: { ...DEFAULT_RULES.types, enum: 'native' }, ...more },
});

describeMysqlFamily('labels of a native ENUM', (f) => {
  const create = () =>
    f.sql(`CREATE TYPE mood AS ENUM ('sad', 'it''s', 'back\\slash'); CREATE TABLE t (id int PRIMARY KEY, m mood);
      INSERT INTO t VALUES (1, 'sad'), (2, 'it''s'), (3, 'back\\slash'), (4, NULL)`);

  it('are followed while running: added at the end, in between, and as the default of a column', async () => {
    await create();
    const run = await f.start({}, rules());
    await f.sql("ALTER TYPE mood ADD VALUE 'glad'");
    await f.sql("INSERT INTO t VALUES (5, 'glad')");
    await f.sql("ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad'; ALTER TYPE mood ADD VALUE 'calm' AFTER 'sad'");
    await f.sql("INSERT INTO t VALUES (6, 'angry'); UPDATE t SET m = 'calm' WHERE id = 2");
    await f.sql("ALTER TYPE mood ADD VALUE 'new'");
    await f.sql("ALTER TABLE t ADD n mood DEFAULT 'new'; INSERT INTO t VALUES (7, 'new')");
    await expect.poll(() => f.there('SELECT count(*) FROM t'), { timeout: 20_000 }).toEqual([['7']]);
    await run.stop();
    await f.expectSame('t');
    const altered = run.events.filter(({ event }) => event === 'table.altered').map(({ data }) => String(data?.sql));
    expect(altered.some((sql) => sql.includes("MODIFY COLUMN `m` ENUM('angry','sad','calm',"))).toBe(true);
  });

  it('are followed once however often it dies, also with a policy for labels that are not known', async () => {
    await create();
    const nulls = rules({ policies: { default: 'null', classes: new Map() } });
    await f.sync({}, nulls);
    await f.sql("ALTER TYPE mood ADD VALUE 'glad' BEFORE 'it''s'");
    await f.sql("INSERT INTO t VALUES (5, 'glad')");
    await f.syncThroughCrashes({}, nulls);
    await f.expectSame('t');
    expect(await f.there('SELECT count(*) FROM pg2any_lost_values')).toEqual([['0']]);
  });

  it.each([
    ['another name', "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", 'blue'],
    [
      'the name of another one',
      `ALTER TYPE mood RENAME VALUE 'sad' TO 'x'; ALTER TYPE mood RENAME VALUE 'it''s' TO 'sad'; ALTER TYPE mood RENAME VALUE 'x' TO 'it''s'`,
      'sad',
    ],
  ])('that get %s stop before they are taken for others', async (_, rename, label) => {
    await create();
    await f.sync({}, rules());
    await f.sql(rename);
    await f.sql(`INSERT INTO t VALUES (5, '${label}')`);
    await expect(f.sync({}, rules())).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      message: expect.stringMatching(/the label '.*' of .*mood was renamed to/),
      hint: expect.stringContaining('Copy the table again'),
    });
    await f.place.exec('DROP TABLE t');
    await f.place.exec("DELETE FROM pg2any_tables WHERE table_name = 't'");
    await f.sync({}, rules());
    await f.expectSame('t');
  });

  it('that are renamed while running stop with the first row that has them', async () => {
    await create();
    const run = await f.start({}, rules());
    await f.sql("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
    await f.sql("INSERT INTO t VALUES (5, 'blue')");
    await expect(run.done).rejects.toMatchObject({ code: 'SCHEMA_CHANGED' });
    expect(await f.there('SELECT count(*) FROM t')).toEqual([['4']]);
  });
});
