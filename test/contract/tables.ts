import { describe, expect, it } from 'vitest';
import type { Relation } from '../../src/model/relation.ts';
import { column, relation } from '../support/relations.ts';
import { insert, numbered, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';

const people = relation('people', ['id int4', 'name text', 'note text'], ['id']);
const planned = (...relations: Relation[]) => relations.map((one) => ({ relation: one, defaults: new Map() }));

const withColumns = (base: Relation, ...columns: string[]): Relation => {
  const added = columns.map((text, index) =>
    column(text.split(' ')[0] ?? '', text.split(' ')[1], base.columns.length + index + 1),
  );
  return { ...base, columns: [...base.columns, ...added] };
};

/** How tables come to be, and which existing ones are taken. */
export function tableContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  it('creates a table, and finds it as it should be afterwards', async () => {
    const pipe = await bench.start();
    const created = await pipe.destination.prepare(people);
    expect(created.action).toBe('created');
    expect(created.sql.join('\n')).toContain('CREATE TABLE');
    expect(await pipe.destination.prepare(people)).toMatchObject({ action: 'unchanged', sql: [] });
    const again = await bench.start();
    const found = await again.destination.prepare(people);
    expect(['adopted', 'unchanged']).toContain(found.action);
    expect(found.sql).toEqual([]);
  });

  it('keeps the rows of a table it adopts', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    await pipe.apply([insert(people, ['1', 'a', null])]);
    const again = await bench.start();
    await again.destination.prepare(people);
    await again.apply([insert(people, ['2', 'b', null])]);
    expect(await bench.rows(people)).toHaveLength(2);
  });

  it('says what each column becomes, without a table', async () => {
    const destination = await bench.open();
    const mapping = destination.mapping(people);
    expect(mapping.map((each) => each.column)).toEqual(['id', 'name', 'note']);
    for (const each of mapping) expect(each.destinationType).not.toBe('');
  });

  it('does not create a table where that is switched off', async () => {
    const destination = await bench.open({ autoCreateTables: false });
    await expect(destination.prepare(people)).rejects.toMatchObject({
      code: 'TABLE_MISSING',
      hint: expect.stringContaining('CREATE TABLE'),
    });
    const blocking = (await destination.inspect(planned(people), null)).filter(({ severity }) => severity === 'block');
    expect(blocking).toMatchObject([{ table: 'public.people' }]);
    await expect(bench.rows(people)).rejects.toThrow();
  });

  it.each([
    ['a column of another type', 'id $text, name $text, note $text', 'id'],
    ['a column too few', 'id $integer NOT NULL PRIMARY KEY, name $text', 'note'],
    ['no key', 'id $integer, name $text, note $text', 'id'],
    ['another key', 'id $integer NOT NULL, name $keyText NOT NULL, note $text, PRIMARY KEY (id, name)', 'id'],
    [
      'a further column that must be filled',
      'id $integer NOT NULL PRIMARY KEY, name $text, note $text, must $keyText NOT NULL',
      'must',
    ],
  ])('refuses a table with %s by name, changing nothing', async (_, columns, named) => {
    const { types, table, exec, query } = bench.place;
    const ddl = columns.replace(/\$(\w+)/g, (__, type: keyof typeof types) => types[type]);
    await exec(`CREATE TABLE ${table(people)} (${ddl})`);
    const pipe = await bench.start();
    await expect(pipe.destination.prepare(people)).rejects.toMatchObject({
      code: 'TABLE_MISMATCH',
      message: expect.stringMatching(new RegExp(`\\b${named}\\b`)),
    });
    expect(await pipe.destination.inspect(planned(people), null)).not.toEqual([]);
    expect(await query(`SELECT * FROM ${table(people)}`)).toEqual([]);
  });

  it('refuses a column that would make a number of its own of NULL, unless it is the key', async () => {
    const { engine, table, exec } = bench.place;
    if (engine === 'sqlserver') return;
    const [own, other] =
      engine === 'sqlite'
        ? ['n INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE', 'id INTEGER PRIMARY KEY, n INTEGER']
        : ['id INT PRIMARY KEY, n INT NOT NULL AUTO_INCREMENT, KEY (n)', 'id INT PRIMARY KEY AUTO_INCREMENT, n INT'];
    const [numbered, keyed] = ['numbered', 'keyed'].map((name) => relation(name, ['id int4', 'n int4'], ['id']));
    if (!numbered || !keyed) throw new Error('no tables');
    await exec(`CREATE TABLE ${table(numbered)} (${own})`);
    await exec(`CREATE TABLE ${table(keyed)} (${other})`);
    const pipe = await bench.start();
    await expect(pipe.destination.prepare(numbered)).rejects.toMatchObject({
      code: 'TABLE_MISMATCH',
      message: expect.stringContaining('column n numbers rows by itself'),
    });
    await pipe.destination.prepare(keyed);
    await pipe.apply([insert(keyed, ['0', null]), insert(keyed, ['1', '7'])]);
    expect(await bench.rows(keyed)).toEqual([
      ['0', null],
      ['1', '7'],
    ]);
  });

  it('finds nothing to say about tables that fit or will be created', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const blocking = (
      await pipe.destination.inspect(planned(people, relation('later', ['id int4'], ['id'])), null)
    ).filter(({ severity }) => severity === 'block');
    expect(blocking).toEqual([]);
  });

  it('adds a column with what the source says old rows hold', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    await pipe.apply([insert(people, ['1', 'a', null]), insert(people, ['2', 'b', null])]);
    const wider = withColumns(
      people,
      'age int4',
      'tag text',
      'score float8',
      'ok bool',
      'raw bytea',
      'price numeric',
      'none text',
    );
    const defaults = new Map([
      [4, '7'],
      [5, 'it\'s \\ "q" 😀'],
      [6, '0.5'],
      [7, 't'],
      [8, '\\x00ff'],
    ]);
    const altered = await pipe.destination.prepare(wider, defaults);
    expect(altered.action).toBe('altered');
    expect(altered.sql).not.toEqual([]);
    await pipe.apply([insert(wider, ['3', 'c', null, null, null, null, null, null, '1.5', 'x'])]);
    await pipe.apply([update(wider, ['2'], ['2', 'b', null, '8', 'new', '1', 'f', '\\x01', null, null])]);
    const rows = await bench.rows(withColumns(people, 'age int4', 'tag text', 'score float8', 'ok bool', 'raw bytea'));
    expect(rows).toEqual([
      ['1', 'a', null, '7', 'it\'s \\ "q" 😀', '0.5', '1', '00ff'],
      ['2', 'b', null, '8', 'new', '1', '0', '01'],
      ['3', 'c', null, null, null, null, null, null],
    ]);
    expect((await pipe.destination.prepare(wider)).action).toBe('unchanged');
  });

  it('shows the value of an added column in rows that come in the shape from before', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const wider = withColumns(people, 'age int4', 'tag text');
    const defaults = new Map([
      [4, '7'],
      [5, 'new'],
    ]);
    await pipe.destination.prepare(wider, defaults);
    await pipe.destination.prepare(people);
    await pipe.apply([insert(people, ['1', 'a', null]), ...numbered(300).map((row) => insert(people, [...row, null]))]);
    await pipe.apply([insert(wider, ['2', 'b', null, null, null])]);
    await pipe.apply([update(people, ['2'], ['2', 'c', null])]);
    const rows = await bench.rows(wider);
    expect(rows).toContainEqual(['1', 'a', null, '7', 'new']);
    expect(rows).toContainEqual(['1299', 'row 299', null, '7', 'new']);
    expect(rows).toContainEqual(['2', 'c', null, null, null]);
  });

  it('asks for the whole transaction again when a column comes within its pieces, and shows none of them', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const wider = withColumns(people, 'age int4');
    const defaults = new Map([[4, '7']]);
    await pipe.piece([insert(people, ['1', 'a', null])]);
    await expect(pipe.destination.prepare(wider, defaults)).rejects.toMatchObject({ code: 'STREAM_RESTART' });
    expect(await bench.rows(people)).toEqual([]);
    const again = await bench.start();
    await again.destination.prepare(people);
    await again.piece([insert(people, ['1', 'a', null])]);
    expect((await again.destination.prepare(wider, defaults)).action).toBe('unchanged');
    await again.apply([insert(wider, ['2', 'b', null, '8'])]);
    expect(await bench.rows(wider)).toEqual([
      ['1', 'a', null, '7'],
      ['2', 'b', null, '8'],
    ]);
  });

  it('goes on when the source drops a column', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    await pipe.apply([insert(people, ['1', 'a', 'note'])]);
    const narrower: Relation = { ...people, columns: people.columns.slice(0, 2) };
    await pipe.destination.prepare(narrower);
    await pipe.apply([insert(narrower, ['2', 'b']), update(narrower, ['1'], ['1', 'A'])]);
    expect(await bench.rows(people)).toEqual([
      ['1', 'A', 'note'],
      ['2', 'b', null],
    ]);
  });

  it('puts schemas where they are mapped to', async () => {
    const pipe = await bench.start();
    const [sales, crm] = ['sales', 'crm'].map((name): Relation => {
      const schema = bench.place.schema(name);
      const table = relation('orders', ['id int4', 'who text'], ['id']);
      return { ...table, schema: name, target: { schema, name: 'orders' } };
    });
    if (!sales || !crm) throw new Error('two schemas');
    for (const each of [sales, crm]) await pipe.destination.prepare(each);
    await pipe.apply([insert(sales, ['1', 'sales']), insert(crm, ['1', 'crm'])]);
    expect([await bench.rows(sales), await bench.rows(crm)]).toEqual([[['1', 'sales']], [['1', 'crm']]]);
  });

  describe.each([
    'MixedCase',
    'with "double" quotes',
    'back`tick`s',
    "it's",
    'some spaces',
    'select',
    'dotted.name',
    'per%cent ? $1 @p :x',
    'back\\slash',
    'semi;colon -- /* x */',
    '日本語_ünïcödé',
    'x'.repeat(63),
    'é'.repeat(31),
  ])('a table and a column called %s', (name) => {
    it.each([1, 1500])('are written and read, with %i rows', async (count) => {
      const base = relation(name, ['id int8', 'v text', 'rank text'], ['id']);
      const columns = base.columns.map((each, i) => (i === 1 ? { ...each, name } : each));
      const odd: Relation = { ...base, columns };
      const log: Relation = {
        ...odd,
        oid: odd.oid + 100_000,
        name: `log`,
        target: { schema: null, name: 'log' },
        identity: 'row',
        key: [0, 1, 2],
      };
      const pipe = await bench.start();
      for (const each of [odd, log]) await pipe.destination.prepare(each);
      const rows = Array.from({ length: count }, (_, i) => [`${i + 1000}`, 'v', null]);
      await pipe.apply(rows.flatMap((row) => [insert(odd, row), insert(log, row)]));
      await pipe.apply([
        update(odd, ['1000'], ['1000', 'new', 'r']),
        update(log, ['1000', 'v', null], ['1000', 'new', 'r']),
      ]);
      expect(await bench.rows(odd)).toHaveLength(count);
      expect((await bench.rows(odd))[0]).toEqual(['1000', 'new', 'r']);
      expect(await bench.rows(log)).toEqual(await bench.rows(odd));
      expect(await pipe.destination.reader(odd).find(['1000'])).toEqual(['1000', 'new', 'r']);
    });
  });
}
