import { expect, it } from 'vitest';
import { type ColumnOverride, DEFAULT_RULES, type ValueRules } from '../../src/model/mapping.ts';
import type { Relation } from '../../src/model/relation.ts';
import { PostgresSource } from '../../src/source/postgres.ts';
import { VerifySource } from '../../src/source/verify-source.ts';
import { verify } from '../../src/verify/verify.ts';
import { destinationFixture } from '../support/destination-fixture.ts';
import { catchUp, type Setup, sourceOptions, startPipeline, streamOptions } from '../support/pipeline.ts';
import { describeWith, mariadb } from '../support/services.ts';

const rules = (more: Partial<ValueRules>, columns: Readonly<Record<string, ColumnOverride>> = {}): ValueRules => ({
  ...DEFAULT_RULES,
  ...more,
  columns: new Map(Object.entries(columns)),
});

const CLAMP = rules({ policies: { default: 'error', classes: new Map([['INFINITE_DATETIME', 'clamp']]) } });

/** Compares both sides as `pg2any verify` does. */
async function verified(setup: Setup) {
  const source = await PostgresSource.open(sourceOptions(setup.source), streamOptions(setup.slot ?? ''));
  const tables = await source.tables();
  const { systemId } = source.identity;
  await source.close();
  const reading = await VerifySource.open(sourceOptions(setup.source), tables);
  const destination = await setup.open();
  try {
    await destination.connect();
    const there = {
      reader: (relation: Relation) => destination.reader(relation),
      flushed: async () => (await destination.peek({ slot: setup.slot ?? '', systemId }))?.flushed ?? null,
    };
    await destination.look?.(tables.map(({ relation }) => relation));
    const settings = { signal: new AbortController().signal, graceMs: 0 };
    return await verify(
      reading,
      there,
      tables.map(({ relation }) => relation),
      settings,
    );
  } finally {
    await destination.close();
    await reading.close();
  }
}

await describeWith('values from a real source', mariadb, (server) => {
  const f = destinationFixture(server);

  it('are replaced by copy and stream, recorded once, counted, told, and expected by verify', async () => {
    await f.sql('CREATE TABLE m (id int PRIMARY KEY, at timestamptz)');
    await f.sql("INSERT INTO m VALUES (1, 'infinity'), (2, '2024-01-02 03:04:05+00')");
    const setup = f.setup({}, { rules: CLAMP });
    const copied = await catchUp(setup);
    expect(copied.totals.lostValues).toBe(1);
    expect(copied.lost).toEqual([
      { table: 'public.m', column: 'at', class: 'INFINITE_DATETIME', policy: 'clamp', count: 1 },
    ]);
    await f.sql("INSERT INTO m VALUES (3, '-infinity'), (4, 'infinity')");
    await f.sql('UPDATE m SET id = 20 WHERE id = 2');
    const run = await f.start({}, { rules: CLAMP });
    await run.saw('value.replaced');
    const ended = await run.stop();
    expect(ended.totals.lostValues).toBe(2);
    expect(run.events.filter(({ event }) => event === 'value.replaced')).toHaveLength(1);
    expect(await f.there('SELECT row_key, pg_text, class FROM pg2any_lost_values ORDER BY recorded_at, id')).toEqual([
      ['{"id":"1"}', 'infinity', 'INFINITE_DATETIME'],
      ['{"id":"3"}', '-infinity', 'INFINITE_DATETIME'],
      ['{"id":"4"}', 'infinity', 'INFINITE_DATETIME'],
    ]);
    const result = await verified(setup);
    expect(result.differences).toBe(0);
    expect(result.tables.find(({ table }) => table === 'public.m')).toMatchObject({ rows: 4, replaced: 3 });
  });

  it('stop the pipeline without a policy, with the line that lets them pass', async () => {
    await f.sql('CREATE TABLE m (id int PRIMARY KEY, at date)');
    await f.sql("INSERT INTO m VALUES (7, 'infinity')");
    const run = startPipeline(f.setup());
    await expect(run.done).rejects.toMatchObject({
      code: 'VALUE_UNREPRESENTABLE',
      message: expect.stringContaining("public.m (id = '7'): the value of at (date) is infinity"),
      hint: expect.stringContaining('columns: { "public.m.at": { policy: { INFINITE_DATETIME: clamp } } }'),
    });
    expect(run.status()?.refusedBy, 'counted once').toEqual({ INFINITE_DATETIME: 1 });
    await catchUp(f.setup({}, { rules: CLAMP }));
    expect(await f.there('SELECT at FROM m')).toEqual([['9999-12-31']]);
  });

  it('of row types are JSON objects, and enums the native kind, where that was chosen', async () => {
    await f.sql("CREATE TYPE mood AS ENUM ('sad', 'Sad', '2')");
    await f.sql('CREATE TYPE addr AS (street text, no int, tags text[])');
    await f.sql('CREATE TABLE m (id int PRIMARY KEY, a addr, many addr[], m mood)');
    await f.sql(`INSERT INTO m VALUES (1, ROW('a "b"', 5, '{x,NULL}'), ARRAY[ROW('c', NULL, '{}')::addr], 'Sad')`);
    const types = { ...DEFAULT_RULES.types, composite: 'json' as const, enum: 'native' as const };
    const setup = f.setup({}, { rules: rules({ types }) });
    await catchUp(setup);
    await f.sql(`INSERT INTO m VALUES (2, NULL, '{}', '2')`);
    await catchUp(setup);
    const rows = await f.there('SELECT a, many, m FROM m ORDER BY id');
    expect(rows.map(([a, many, m]) => [JSON.parse(a ?? 'null'), JSON.parse(many ?? 'null'), m])).toEqual([
      [{ street: 'a "b"', no: 5, tags: ['x', null] }, [{ street: 'c', no: null, tags: [] }], 'Sad'],
      [null, [], '2'],
    ]);
    expect((await verified(setup)).differences).toBe(0);
  });

  it('of a numeric without digits are DECIMAL where all fit, and text where they do not', async () => {
    await f.sql(
      'CREATE TABLE m (id int PRIMARY KEY, fits numeric, wide numeric, fine numeric, odd numeric, none numeric)',
    );
    const wide = `-${'8'.repeat(36)}.50`;
    await f.sql(
      `INSERT INTO m VALUES (1, -123.4500, ${wide}, 0.${'1'.repeat(31)}, 'NaN', NULL), (2, NULL, 1, 2, 3, NULL)`,
    );
    const auto = rules({ types: { ...DEFAULT_RULES.types, numericUnbounded: 'auto' } });
    const setup = f.setup({}, { rules: auto });
    await catchUp(setup);
    const types = await f.there(
      "SELECT DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'm' ORDER BY ORDINAL_POSITION",
    );
    expect(types.flat()).toEqual(['int', 'decimal', 'longtext', 'longtext', 'longtext', 'decimal']);
    await f.sql(`INSERT INTO m VALUES (3, 7, ${'9'.repeat(100)}, 1, '-Infinity', 5)`);
    await catchUp(setup);
    expect(await f.there('SELECT wide, odd, none + 0 FROM m WHERE id <> 2 ORDER BY id')).toEqual([
      [wide, 'NaN', null],
      ['9'.repeat(100), '-Infinity', `5.${'0'.repeat(30)}`],
    ]);
    expect((await verified(setup)).differences).toBe(0);
    await f.sql(`INSERT INTO m VALUES (4, ${'9'.repeat(36)}, 1, 1, 1, 1)`);
    await expect(catchUp(setup)).rejects.toMatchObject({ code: 'VALUE_UNREPRESENTABLE' });
  });

  it('of a configured column that does not exist keep the pipeline from starting', async () => {
    const setup = f.setup({}, { rules: rules({}, { 'public.t.vv': { type: 'TEXT' } }) });
    await expect(catchUp(setup)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('did you mean public.t.v?'),
    });
    expect(await f.there("SHOW TABLES LIKE 't'")).toEqual([]);
  });
});
