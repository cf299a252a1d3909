import { describe, expect, it } from 'vitest';
import { type ColumnOverride, DEFAULT_RULES, type ValueRules } from '../../src/model/mapping.ts';
import type { PgType, Relation } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { casesOf, type OptionCase, refusedChoices } from './option-cases.ts';
import { insert, remove, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';

const rules = (own: ColumnOverride): ValueRules => ({
  ...DEFAULT_RULES,
  columns: new Map(['keyed', 'loose'].map((name) => [`public.${name}.v`, own])),
});

function table(name: string, type: PgType, key: readonly string[] | 'row'): Relation {
  const base = relation(name, ['id int8', 'v text'], key);
  return { ...base, columns: base.columns.map((column, i) => (i === 1 ? { ...column, type } : column)) };
}

const titleOf = ({ type, own }: OptionCase): string => `${type.name} with ${JSON.stringify(own)}`;

/** Types that were chosen instead of the usual ones: exact, or refused, by every road. */
export function optionContract(engine: EngineName, openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  const here = async (one: Relation, of: OptionCase): Promise<(string | null)[]> => {
    const bytes = /BINARY|BLOB|GEOMETRY/i.test(of.own.type ?? '') || of.own.geometry || of.own.uuid === 'binary16';
    // the others give bytes in hexadecimal by themselves
    const column = engine.startsWith('m') && bytes ? 'LOWER(HEX(v))' : 'v';
    return (await bench.place.query(`SELECT ${column} FROM ${bench.place.table(one)} ORDER BY id`)).map(
      ([v]) => v ?? null,
    );
  };

  describe.each(casesOf(engine).map((one) => [titleOf(one), one] as const))('%s', (_, one) => {
    const { type, own, kept, refused } = one;
    const rows = kept.map(([text], i): Row => [`${i + 1}`, text]);
    const there = kept.map(([, text]) => text);

    it('keeps values by stream, copy and update, and reads them back for verify', async () => {
      const pipe = await bench.start({ rules: rules(own) });
      const keyed = table('keyed', type, ['id']);
      const prepared = await pipe.destination.prepare(keyed);
      if (one.ddl)
        expect(prepared.sql.at(-1)?.toLowerCase()).toMatch(new RegExp(`["\`[]v["\`\\]] ${one.ddl.source.slice(1)}`));
      await pipe.apply(rows.map((row) => insert(keyed, row)));
      expect(await here(keyed, one)).toEqual(there);
      await pipe.apply(rows.map(([id]) => update(keyed, [id ?? null], [id ?? null, null])));
      await pipe.apply(rows.map((row) => update(keyed, [row[0] ?? null], row)));
      expect(await here(keyed, one)).toEqual(there);
      const many = Array.from({ length: 400 }, (_, i): Row => [`${i + 1}`, rows[i % rows.length]?.[1] ?? null]);
      await pipe.copy(keyed, many);
      expect(await here(keyed, one)).toEqual(many.map((_, i) => there[i % there.length]));
      const reader = pipe.destination.reader(keyed);
      for (const row of rows) expect(await reader.find([row[0] ?? null])).toEqual(reader.expect(row));
    });

    it('finds rows without a key', async () => {
      const pipe = await bench.start({ rules: rules(own) });
      const loose = table('loose', type, 'row');
      await pipe.destination.prepare(loose);
      await pipe.apply(rows.map((row) => insert(loose, row)));
      await pipe.apply(rows.map((row) => update(loose, row, [`1${row[0] as string}`, row[1] ?? null])));
      expect((await here(loose, one)).sort()).toEqual([...there].sort());
      await pipe.apply(rows.map((row) => remove(loose, [`1${row[0] as string}`, row[1] ?? null])));
      expect(await here(loose, one)).toEqual([]);
    });

    it('is adopted again as it is', async () => {
      const pipe = await bench.start({ rules: rules(own) });
      const keyed = table('keyed', type, ['id']);
      await pipe.destination.prepare(keyed);
      await expect(pipe.destination.prepare(keyed)).resolves.toMatchObject({ action: 'unchanged' });
    });

    if (refused.length === 0) return;
    it('refuses what it would change', async () => {
      const pipe = await bench.start({ rules: rules(own) });
      const keyed = table('keyed', type, ['id']);
      await pipe.destination.prepare(keyed);
      for (const [text, problem] of refused) {
        const wanted = { code: 'VALUE_UNREPRESENTABLE', problem, message: expect.stringContaining(`[${problem}]`) };
        await expect(pipe.apply([insert(keyed, ['1', text])]), text).rejects.toMatchObject(wanted);
      }
      expect(await here(keyed, one)).toEqual([]);
    });
  });

  it.each(refusedChoices(engine))('%o with %o is refused at once', async (type, own, message) => {
    const destination = await bench.open({ rules: rules(own) });
    expect(() => destination.mapping(table('keyed', type, ['id']))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });
}
