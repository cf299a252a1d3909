import { describe, expect, it } from 'vitest';
import type { PostgresVersion } from '../../src/demo/embedded-postgres.ts';
import type { PgType } from '../../src/model/relation.ts';
import type { SourceTable } from '../../src/model/source.ts';
import { copySql, findRow, readTable } from '../../src/source/reader.ts';
import { sourceSession } from '../support/source-session.ts';

const VERSIONS: readonly PostgresVersion[] = [13, 14, 15, 16, 17, 18];

const types = (table: SourceTable | undefined): Record<string, PgType> =>
  Object.fromEntries(table?.relation.columns.map((column) => [column.name, column.type]) ?? []);
const names = (table: SourceTable | undefined) => table?.relation.columns.map((column) => column.name);

describe.each(VERSIONS)('the catalog of PostgreSQL %i', (version) => {
  const s = sourceSession(version);
  /** Runs the statements, publishes the tables, and gives what the catalog says of them. */
  const published = async (tables: string, ...statements: string[]) => {
    for (const statement of statements) await s.query(statement);
    await s.query('DROP PUBLICATION IF EXISTS p');
    await s.query(`CREATE PUBLICATION p FOR TABLE ${tables} WITH (publish_via_partition_root = true)`);
    return await s.published('p');
  };

  it('resolves domains of domains, arrays of domains, and keeps the declared name for people', async () => {
    const { d } = await published(
      'public.d',
      'CREATE DOMAIN public.amount AS numeric(12,2) NOT NULL',
      'CREATE DOMAIN public.price AS public.amount CHECK (VALUE >= 0)',
      'CREATE TABLE public.d (id int PRIMARY KEY, one public.price, many public.price[], plain numeric(5,1))',
    );
    const { one, many, plain } = types(d);
    expect(one).toMatchObject({ name: 'numeric', schema: 'pg_catalog', kind: 'base', typmod: plain ? 786438 : 0 });
    expect(one?.display).toBe('public.price');
    expect(many).toMatchObject({
      kind: 'array',
      display: 'public.price[]',
      element: { name: 'numeric', typmod: 786438 },
    });
    expect(plain?.display).toBe('numeric(5,1)');
  });

  it('calls NOT NULL only what holds for every row: not what a domain says', async () => {
    const { dn } = await published(
      'public.dn',
      'CREATE DOMAIN public.never AS int NOT NULL',
      'CREATE TABLE public.dn (id int PRIMARY KEY, a public.never, b int NOT NULL, c int)',
      'INSERT INTO public.dn VALUES (1, (SELECT a FROM public.dn WHERE false), 1)',
    );
    expect(await rows(dn as SourceTable)).toEqual([['1', null, '1', null]]);
    expect(dn?.relation.columns.map((column) => column.notNull)).toEqual([true, false, true, false]);
  });

  it('knows enum labels in their order, of arrays too', async () => {
    const { e } = await published(
      'public.e',
      "CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'it''s \"great\", really')",
      'CREATE TABLE public.e (id int PRIMARY KEY, m public.mood, ms public.mood[])',
      "ALTER TYPE public.mood ADD VALUE 'meh' BEFORE 'ok'",
    );
    const { m, ms } = types(e);
    const labels = ['sad', 'meh', 'ok', 'it\'s "great", really'];
    expect(m).toMatchObject({ kind: 'enum', schema: 'public', enumLabels: labels, display: 'public.mood' });
    expect(ms).toMatchObject({ kind: 'array', element: { kind: 'enum', enumLabels: labels } });
  });

  it('tells composites, ranges, multiranges, vectors and the delimiter of box apart', async () => {
    const multi = version >= 14 ? ', mr int4multirange' : '';
    const { k } = await published(
      'public.k',
      'CREATE TYPE public.pair AS (a int, b text)',
      `CREATE TABLE public.k (id int PRIMARY KEY, c public.pair, r int4range, iv int2vector, ov oidvector, bs box[]${multi})`,
    );
    const { c, r, iv, ov, bs, mr } = types(k);
    expect([c?.kind, r?.kind, iv?.kind, ov?.kind, bs?.kind]).toEqual(['composite', 'range', 'base', 'base', 'array']);
    expect(bs?.element?.delimiter).toBe(';');
    if (version >= 14) expect(mr?.kind).toBe('multirange');
  });

  it('adds partitions up and reads through the root', async () => {
    const { part } = await published(
      'public.part',
      'CREATE TABLE public.part (id int, v text, PRIMARY KEY (id)) PARTITION BY RANGE (id)',
      'CREATE TABLE public.part_1 PARTITION OF public.part FOR VALUES FROM (0) TO (100)',
      'CREATE TABLE public.part_2 PARTITION OF public.part FOR VALUES FROM (100) TO (1000) PARTITION BY RANGE (id)',
      'CREATE TABLE public.part_2a PARTITION OF public.part_2 FOR VALUES FROM (100) TO (1000)',
      "INSERT INTO public.part SELECT i, 'x' FROM generate_series(0, 299) i",
      'ANALYZE public.part',
    );
    expect(part).toMatchObject({ kind: 'partitioned', estimatedRows: 300, relation: { identity: 'key', key: [0] } });
    expect(part?.bytes).toBeGreaterThan(2 * 8192);
    expect(Object.keys(await s.published('p'))).toEqual(['part']);
    expect(copySql(part as SourceTable)).not.toContain('ONLY');
    expect(await rows(part as SourceTable)).toHaveLength(300);
  });

  it('does not estimate what was never analysed, or what has a partition that was not', async () => {
    const { fresh, half } = await published(
      'public.fresh, public.half',
      'CREATE TABLE public.fresh (id int PRIMARY KEY) WITH (autovacuum_enabled = off)',
      'CREATE TABLE public.half (id int PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE public.half_1 PARTITION OF public.half FOR VALUES FROM (0) TO (10) WITH (autovacuum_enabled = off)',
      'CREATE TABLE public.half_2 PARTITION OF public.half FOR VALUES FROM (10) TO (20) WITH (autovacuum_enabled = off)',
      'ANALYZE public.half_1',
    );
    // Before PostgreSQL 14 reltuples was 0 in both cases.
    expect([fresh?.estimatedRows, half?.estimatedRows]).toEqual(version >= 14 ? [null, null] : [0, 0]);
  });

  it('leaves children of plain inheritance to themselves', async () => {
    const { parent, child } = await published(
      'public.parent, public.child',
      'CREATE TABLE public.parent (id int PRIMARY KEY)',
      'CREATE TABLE public.child (extra text) INHERITS (public.parent)',
      'INSERT INTO public.parent VALUES (1)',
      "INSERT INTO public.child VALUES (2, 'x')",
    );
    expect(await rows(parent as SourceTable)).toEqual([['1']]);
    expect(await rows(child as SourceTable)).toEqual([['2', 'x']]);
  });

  it('takes keys in the order of the key, and only immediate ones', async () => {
    const { ordered, deferred, indexed, whole, nothing } = await published(
      'public.ordered, public.deferred, public.indexed, public.whole, public.nothing',
      'CREATE TABLE public.ordered (a int, b int, c int, PRIMARY KEY (c, a))',
      'CREATE TABLE public.deferred (a int PRIMARY KEY DEFERRABLE)',
      'CREATE TABLE public.indexed (a int PRIMARY KEY, b int NOT NULL, c int NOT NULL)',
      'CREATE UNIQUE INDEX other ON public.indexed (c, b)',
      'ALTER TABLE public.indexed REPLICA IDENTITY USING INDEX other',
      'CREATE TABLE public.whole (a int, b text)',
      'ALTER TABLE public.whole REPLICA IDENTITY FULL',
      'CREATE TABLE public.nothing (a int PRIMARY KEY)',
      'ALTER TABLE public.nothing REPLICA IDENTITY NOTHING',
    );
    expect([ordered, deferred, indexed, whole, nothing].map((table) => table?.relation)).toMatchObject([
      { identity: 'key', key: [2, 0], replicaIdentity: 'default' },
      { identity: 'none', key: [] },
      { identity: 'key', key: [2, 1], replicaIdentity: 'index' },
      { identity: 'row', key: [0, 1], replicaIdentity: 'full' },
      { identity: 'key', key: [0], replicaIdentity: 'nothing' },
    ]);
  });

  it('leaves out dropped columns and keeps attribute numbers', async () => {
    const { gap } = await published(
      'public.gap',
      'CREATE TABLE public.gap (a int PRIMARY KEY, b int, c int)',
      'ALTER TABLE public.gap DROP b',
    );
    expect(gap?.relation.columns.map(({ name, attnum }) => [name, attnum])).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('knows what older rows show in a column that was added with a default', async () => {
    const { late } = await published(
      'public.late',
      'CREATE TABLE public.late (id int PRIMARY KEY)',
      'INSERT INTO public.late VALUES (1)',
      `ALTER TABLE public.late ADD n int DEFAULT 42, ADD t text DEFAULT 'it''s {"a", \\b}', ADD ts timestamptz DEFAULT '2024-01-01 00:00:00+00', ADD e text DEFAULT '', ADD nothing int`,
    );
    expect(await s.catalog.missingValues(late?.relation.oid ?? 0)).toEqual(
      new Map([
        [2, '42'],
        [3, 'it\'s {"a", \\b}'],
        [4, '2024-01-01 00:00:00+00'],
        [5, ''],
      ]),
    );
  });

  it('leaves generated columns out of what the stream will not have', async () => {
    const { gen } = await published(
      'public.gen',
      'CREATE TABLE public.gen (a int PRIMARY KEY, g int GENERATED ALWAYS AS (a * 2) STORED, b text)',
    );
    expect(names(gen)).toEqual(['a', 'b']);
  });

  it('resolves what the stream describes although the catalog no longer knows the table', async () => {
    const columns = [{ name: 'a', typeOid: 23, typmod: -1, key: true }];
    const gone = { oid: 4_000_000_000, schema: 'public', name: 'gone', replicaIdentity: 'default', columns } as const;
    expect(await s.catalog.describe(gone)).toMatchObject({
      identity: 'key',
      key: [0],
      columns: [{ name: 'a', attnum: null, type: { name: 'int4', display: 'int4' } }],
    });
  });

  it('quotes names in every query it makes of them', async () => {
    const { 'T "1"; --': odd } = await published(
      '"S ""x"""."T ""1""; --"',
      'CREATE SCHEMA "S ""x"""',
      'CREATE DOMAIN "S ""x"""."D, \'y\'" AS int',
      'CREATE TABLE "S ""x"""."T ""1""; --" ("Id" "S ""x"""."D, \'y\'" PRIMARY KEY, "a,b" text)',
      `INSERT INTO "S ""x"""."T ""1""; --" VALUES (1, 'v')`,
    );
    const table = odd as SourceTable;
    expect(copySql(table)).toBe('COPY (SELECT "Id", "a,b" FROM ONLY "S ""x"""."T ""1""; --") TO STDOUT');
    expect(await rows(table)).toEqual([['1', 'v']]);
    expect(await findRow(s.client, table, ['1'])).toEqual(['1', 'v']);
    expect(await findRow(s.client, table, ['2'])).toBeNull();
  });

  it('finds a row by the value of its key, not by its text', async () => {
    const { exact } = await published(
      'public.exact',
      'CREATE TABLE public.exact (n numeric, c char(5), v text, PRIMARY KEY (n, c))',
      "INSERT INTO public.exact VALUES (1.50, 'ab', 'x')",
    );
    expect(await findRow(s.client, exact as SourceTable, ['1.500', 'ab'])).toEqual(['1.50', 'ab   ', 'x']);
  });

  if (version >= 15)
    describe('column lists and row filters', () => {
      it('are those of the publication, for the copy too', async () => {
        const { f } = await published(
          'public.f (id, "b b") WHERE ("b b" > 10 OR id = 1)',
          'CREATE TABLE public.f (id int PRIMARY KEY, a int, "b b" int)',
          'INSERT INTO public.f VALUES (1, 1, 1), (2, 2, 2), (3, 3, 30)',
        );
        expect(names(f)).toEqual(['id', 'b b']);
        expect(await rows(f as SourceTable)).toEqual([
          ['1', '1'],
          ['3', '30'],
        ]);
        expect(await findRow(s.client, f as SourceTable, ['2'])).toBeNull();
      });

      it('may come from a whole schema', async () => {
        await s.query('CREATE SCHEMA whole');
        await s.query('CREATE TABLE whole.x (id int PRIMARY KEY)');
        await s.query('DROP PUBLICATION IF EXISTS p');
        await s.query('CREATE PUBLICATION p FOR TABLES IN SCHEMA whole');
        expect(Object.keys(await s.published('p'))).toEqual(['x']);
      });
    });

  if (version >= 18) {
    it('has generated columns where the publication asks for them', async () => {
      await s.query('CREATE TABLE public.gen18 (a int PRIMARY KEY, g int GENERATED ALWAYS AS (a * 2) STORED)');
      await s.query('CREATE PUBLICATION p18 FOR TABLE public.gen18 WITH (publish_generated_columns = stored)');
      expect(names((await s.published('p18')).gen18)).toEqual(['a', 'g']);
    });

    it('does not call NOT NULL what was never validated', async () => {
      const { nv } = await published(
        'public.nv',
        'CREATE TABLE public.nv (id int PRIMARY KEY, a int)',
        'INSERT INTO public.nv VALUES (1, NULL)',
        'ALTER TABLE public.nv ADD CONSTRAINT later NOT NULL a NOT VALID',
      );
      expect(nv?.relation.columns.map((column) => column.notNull)).toEqual([true, false]);
    });
  }

  async function rows(table: SourceTable) {
    const found: (readonly unknown[])[] = [];
    for await (const chunk of readTable(s.client, table, new AbortController().signal)) found.push(...chunk.rows);
    return found;
  }
});
