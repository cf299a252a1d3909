import { expect, it } from 'vitest';
import type { Relation } from '../../../src/model/relation.ts';
import { relation } from '../../support/relations.ts';
import { sameText, sourceText, typeOf, type Vector, vectors } from '../../support/type-vectors.ts';
import { create, database } from './database.ts';

function tableOf(vector: Vector): Relation {
  const base = relation(`v${vector.id}`, ['id int4', 'v text'], ['id']);
  const [id] = base.columns;
  return { ...base, columns: [...(id ? [id] : []), { name: 'v', type: typeOf(vector), notNull: false, attnum: 2 }] };
}

it.each(vectors.map((vector) => ({ name: `${vector.id} ${vector.pgType}`, vector })))(
  'keeps value $name in the declared type, storage class and text',
  async ({ vector }) => {
    const session = await database().open();
    const target = await create(session, tableOf(vector));
    await session.begin();
    await session.write({ kind: 'insert', target, rows: [['1', sourceText(vector)]] });
    await session.commit();
    const [row] = await session.rows(`SELECT v, typeof(v) FROM ${target.place.sql}`);
    expect(target.codecs[1]?.ddl).toBe(vector.sqlite.type);
    expect(sameText(vector.sqlite.expectedText ?? null, row?.[0] ?? null), `${row?.[0]}`.slice(0, 200)).toBe(true);
    expect(row?.[1]).toBe((vector.sqlite as { storageClass?: string | null }).storageClass ?? 'null');
    const source = sourceText(vector);
    if (source !== null) expect(target.codecs[1]?.expect(source)).toBe(target.codecs[1]?.canon(row?.[0] ?? ''));
  },
);

it('finds rows by keys no number type can tell apart', async () => {
  const session = await database().open();
  const target = await create(session, relation('t', ['a int8', 'b float8', 'c text'], ['a', 'b']));
  const rows = ['9007199254740992', '9007199254740993'].flatMap((a) =>
    ['0.1', '0.06063155580201934', 'NaN', 'Infinity'].map((b) => [a, b, `${a}/${b}`]),
  );
  await session.begin();
  await session.write({ kind: 'upsert', target, rows });
  await session.write({ kind: 'delete', target, keys: [['9007199254740993', '0.06063155580201934']] });
  await session.write({
    kind: 'patch',
    target,
    patches: [{ key: ['9007199254740993', 'NaN'], after: ['9007199254740993', 'NaN', 'new'] }],
  });
  await session.commit();
  const found = (await session.rows('SELECT c FROM t')).flat();
  const kept = rows.filter((_, i) => i !== 5);
  const expected = kept.map(([a, b, c]) => (a === '9007199254740993' && b === 'NaN' ? 'new' : c));
  expect(found.sort()).toEqual(expected.sort());
});
