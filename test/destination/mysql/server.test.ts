import { expect, it } from 'vitest';
import type { Patch, Step } from '../../../src/destination/contract.ts';
import type { Column, Relation } from '../../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';
import { keyPairs, keyTypeOf, sameText, sourceText, typeOf, type Vector, vectors } from '../../support/type-vectors.ts';
import { create, notes, onBothServers, rows, targetOf } from './database.ts';

const withColumn = (table: Relation, at: number, type: Column['type']): Relation => ({
  ...table,
  columns: table.columns.map((one, i) => (i === at ? { ...one, type } : one)),
});

const tableOf = (vector: Vector): Relation =>
  withColumn(relation(`v${vector.id}`, ['id int4', 'v text'], ['id']), 1, typeOf(vector));

const wide = (type: string, count: number): Relation =>
  relation('wide', ['id int4', ...Array.from({ length: count }, (_, i) => `c${i} ${type}`)], ['id']);

await onBothServers((bench) => {
  const write = (step: Step): Promise<void> => bench.session.write(step);
  const count = async (table: string) => (await bench.session.rows(`SELECT COUNT(*) FROM ${table}`))[0]?.[0];

  const kept = vectors.filter((vector) => !vector[bench.name].unrepresentable);
  it.each(kept.map((vector) => ({ title: `${vector.id} ${vector.pgType}`, vector })))(
    'keeps $title by statement and by load, and finds the row again by all its values',
    async ({ vector }) => {
      const target = await create(bench.engine, bench.session, tableOf(vector));
      const source = sourceText(vector);
      const many = source !== null && source.length > 10_000 ? 1 : 200;
      await write({ kind: 'insert', target, rows: [['1', source]] });
      await write({ kind: 'insert', target, rows: Array.from({ length: many }, (_, i) => [`${i + 2}`, source]) });
      const read = target.codecs[1]?.read('v');
      const found = await bench.session.rows(`SELECT ${read} FROM ${target.place.sql} WHERE id IN (1, 2)`);
      const texts = found.map(([text]) => text ?? null);
      expect(texts.map((text) => sameText(vector[bench.name].expectedText ?? null, text))).toEqual([true, true]);
      if (source !== null) expect(target.codecs[1]?.expect(source)).toBe(target.codecs[1]?.canon(texts[1] ?? ''));
      const keyless = targetOf(bench.engine, { ...target.relation, identity: 'row', key: [0, 1] });
      await write({ kind: 'deleteOne', target: keyless, rows: [['2', source]] });
      expect(await count(target.place.sql)).toBe(`${many}`);
      const existing = await bench.engine.describe(bench.session, target.place);
      const misfits = existing?.columns.map((one, i) => {
        const codec = target.codecs[i];
        return codec ? bench.engine.dialect.misfit(one, codec, i === 0) : 'unknown';
      });
      expect(misfits).toEqual([null, null]);
    },
  );

  it.each(keyPairs.map((pair) => ({ title: `${pair.pgType}: ${pair.note}`, pair })))(
    'keeps two rows for two keys: $title',
    async ({ pair }) => {
      const [a, b] = pair.pgText;
      const table = withColumn(relation('pairs', ['k text', 'v int4'], ['k']), 0, keyTypeOf(pair));
      const target = await create(bench.engine, bench.session, table);
      await write({
        kind: 'upsert',
        target,
        rows: [
          [a, '1'],
          [b, '2'],
        ],
      });
      await write({ kind: 'delete', target, keys: [[a]] });
      expect(await bench.session.rows('SELECT v FROM pairs')).toEqual([['2']]);
      await write({ kind: 'patch', target, patches: [{ key: [b], after: [a, UNCHANGED] }] });
      await write({ kind: 'delete', target, keys: [[b]] });
      expect(await count('pairs')).toBe('1');
    },
  );

  it('refuses a row that no packet takes before sending it, and goes on', async () => {
    const target = await create(bench.engine, bench.session, notes());
    const [limit] = (await bench.session.rows('SELECT @@max_allowed_packet'))[0] ?? [];
    const raw = `\\x${'00'.repeat(Number(limit) / 2)}`;
    await expect(write({ kind: 'upsert', target, rows: [['1', '1', 'a', raw]] })).rejects.toMatchObject({
      code: 'VALUE_UNREPRESENTABLE',
      message: expect.stringContaining('[PACKET_TOO_LARGE]'),
    });
    await write({ kind: 'upsert', target, rows: rows(1) });
  });

  it('changes only what a patch says, inserts whole rows that are missing, and refuses others', async () => {
    const target = await create(bench.engine, bench.session, notes());
    await write({ kind: 'upsert', target, rows: rows(2) });
    const after: Row = ['1', '7', UNCHANGED, UNCHANGED];
    await write({
      kind: 'patch',
      target,
      patches: [
        { key: ['1'], after },
        { key: ['1'], after },
      ],
    });
    await write({ kind: 'patch', target, patches: [{ key: ['8'], after: ['9', '8', 'new', null] }] });
    const missing: Step = { kind: 'patch', target, patches: [{ key: ['5'], after: ['5', '7', UNCHANGED, null] }] };
    await expect(write(missing)).rejects.toMatchObject({ code: 'VALUE_UNAVAILABLE' });
    expect(await bench.session.rows('SELECT id, a, LOWER(HEX(raw)) FROM notes ORDER BY id')).toEqual([
      ['0', '1', null],
      ['1', '7', '00ff0a'],
      ['9', '8', null],
    ]);
  });

  it('patches more rows than one packet takes, with those that are missing among them', async () => {
    const target = await create(bench.engine, bench.session, notes());
    await write({ kind: 'insert', target, rows: rows(900).filter((_, i) => i % 7 !== 3) });
    const patches = rows(900).map((_, i) => ({ key: [`${i}`], after: [`${i}`, '2', "it's; new", null] }));
    await write({ kind: 'patch', target, patches });
    expect(
      await bench.session.rows("SELECT COUNT(*), SUM(a), SUM(note = 'it''s; new'), COUNT(raw) FROM notes"),
    ).toEqual([['900', '1800', '900', '0']]);
  });

  it('names the one row among many whose patch is refused', async () => {
    const target = await create(bench.engine, bench.session, notes());
    await bench.session.runLong('ALTER TABLE notes ADD CHECK (a < 500)');
    await write({ kind: 'upsert', target, rows: rows(300) });
    const patches = rows(300).map(
      (_, i): Patch => ({
        key: [`${i}`],
        after: [`${i}`, i === 250 ? '500' : '3', UNCHANGED, UNCHANGED],
      }),
    );
    await bench.session.begin();
    await expect(write({ kind: 'patch', target, patches })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message: expect.stringContaining("id = '250'"),
    });
    await bench.session.rollback();
    expect(await bench.session.rows('SELECT MAX(a) FROM notes')).toEqual([['1']]);
  });

  it('changes and removes exactly one of several equal rows', async () => {
    const table = relation('log', ['a int4', 'b text'], 'row');
    const target = await create(bench.engine, bench.session, table);
    await write({
      kind: 'insert',
      target,
      rows: [
        ['1', null],
        ['1', null],
        ['1', null],
      ],
    });
    await write({ kind: 'patchOne', target, patches: [{ key: ['1', null], after: ['1', 'x'] }] });
    await write({ kind: 'deleteOne', target, rows: [['1', null]] });
    expect(await bench.session.rows('SELECT a, b FROM log ORDER BY b')).toEqual([
      ['1', null],
      ['1', 'x'],
    ]);
  });

  it('never takes a hit of another unique index for a hit of the key', async () => {
    const table = relation('accounts', ['id int4', 'no int4'], ['id']);
    const target = { ...(await create(bench.engine, bench.session, table)), bare: false, furtherUnique: true };
    await bench.session.run('CREATE UNIQUE INDEX accounts_no ON accounts (no)');
    await write({
      kind: 'upsert',
      target,
      rows: [
        ['1', '1'],
        ['2', '2'],
      ],
    });
    await write({
      kind: 'upsert',
      target,
      rows: [
        ['2', '5'],
        ['3', '3'],
      ],
    });
    await expect(write({ kind: 'upsert', target, rows: [['4', '1']] })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
    });
    expect(await bench.session.rows('SELECT id, no FROM accounts ORDER BY id')).toEqual([
      ['1', '1'],
      ['2', '5'],
      ['3', '3'],
    ]);
  });

  it('empties tables that refer to each other in one transaction, without committing it', async () => {
    const parent = await create(bench.engine, bench.session, relation('parents', ['id int4'], ['id']));
    const child = await create(bench.engine, bench.session, relation('children', ['id int4'], ['id']));
    await bench.session.run(
      'ALTER TABLE children ADD CONSTRAINT child_parent FOREIGN KEY (id) REFERENCES parents (id)',
    );
    for (const target of [parent, child]) await write({ kind: 'insert', target, rows: [['1']] });
    await bench.session.begin();
    await write({ kind: 'empty', targets: [parent, child] });
    expect(await count('parents')).toBe('0');
    await bench.session.rollback();
    expect(await count('children')).toBe('1');
    expect((await bench.engine.describe(bench.session, parent.place))?.foreignKeys).toEqual(['child_parent']);
    await bench.session.run('DROP TABLE children');
  });

  it('adds a column with a value for the rows that are there', async () => {
    await create(bench.engine, bench.session, relation('grown', ['id int4'], ['id']));
    await bench.session.run('INSERT INTO grown VALUES (1)');
    const table = relation(
      'grown',
      ['id int4', 'n`?n text', 'raw bytea', 'd numeric', 'j jsonb', 'at timestamptz'],
      ['id'],
    );
    const codecs = bench.engine.dialect.codecs(table);
    const fills = [null, "it's ?\\ 😀", '\\x00ff', '1.5', '{}', '2024-01-02 03:04:05+00'];
    for (const [i, one] of table.columns.entries()) {
      const codec = codecs[i];
      if (i === 0 || !codec) continue;
      await bench.session.runLong(
        bench.engine.dialect.addColumn(bench.engine.dialect.place(table.target), one.name, codec, fills[i] ?? null),
      );
    }
    const found = await bench.session.rows(
      'SELECT `n``?n`, HEX(raw), d + 0 = 1.5, j, at FROM grown WHERE `n``?n` = ?',
      ["it's ?\\ 😀"],
    );
    expect(found).toEqual([["it's ?\\ 😀", '00FF', '1', '{}', '2024-01-02 03:04:05.000000']]);
  });

  it.each(['varchar', 'text', 'int8', 'numeric', 'bytea', 'uuid', 'timestamptz'])(
    'declares as many columns of %s as it says fit, and refuses more itself',
    async (type) => {
      let most = 1;
      for (let step = 512; step >= 1; step /= 2) {
        try {
          bench.engine.dialect.codecs(wide(type, most + step));
          most += step;
        } catch (error) {
          expect(error).toMatchObject({ code: 'TABLE_UNSUITABLE' });
        }
      }
      expect(most).toBeGreaterThan(180);
      await create(bench.engine, bench.session, wide(type, most));
    },
  );

  it.each(['text', 'bytea', 'numeric', 'name', 'uuid', 'json'])(
    'declares keys of as many columns of %s as the server allows',
    async (type) => {
      for (const size of [1, 3, 7, bench.name === 'mysql' ? 16 : 32]) {
        const names = Array.from({ length: size }, (_, i) => `k${i}`);
        await create(
          bench.engine,
          bench.session,
          relation(
            'keys',
            names.map((one) => `${one} ${type}`),
            names,
          ),
        );
      }
    },
  );
});
