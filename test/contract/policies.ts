import { expect, it } from 'vitest';
import {
  type ColumnOverride,
  DEFAULT_RULES,
  type Policy,
  type ProblemClass,
  type ValueRules,
} from '../../src/model/mapping.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { insert, numbered, remove, STREAM, stateOf, update, useBench } from './pipe.ts';
import type { Cells, OpenPlace } from './place.ts';
import { sorted } from './place.ts';

/** A column that cannot hold every value: what does not fit, what does, and what stands there when it is clamped. */
interface Narrow {
  readonly type: string;
  readonly override: ColumnOverride;
  readonly problem: ProblemClass;
  readonly misfit: string;
  readonly clamped: string;
  readonly fits: string;
  /** `fits` as the destination prints it. */
  readonly kept: string;
}

const NARROW: Readonly<Record<EngineName, Narrow>> = {
  sqlite: {
    type: 'numeric',
    override: { type: 'INTEGER' },
    problem: 'NUMERIC_SCALE',
    misfit: '12.5',
    clamped: '13',
    fits: '7',
    kept: '7',
  },
  get sqlserver() {
    return this.mysql;
  },
  mysql: {
    type: 'date',
    override: {},
    problem: 'INFINITE_DATETIME',
    misfit: '-infinity',
    clamped: '0001-01-01',
    fits: '2024-02-29',
    kept: '2024-02-29',
  },
  get mariadb() {
    return this.mysql;
  },
};

export function policyContract(engine: EngineName, openPlace: OpenPlace): void {
  const bench = useBench(openPlace);
  const { type, override, problem, misfit, clamped, fits, kept } = NARROW[engine];

  const keyed = (): Relation => relation('narrow', ['id int8', `v ${type}`, 'note text'], ['id']);
  const keyless = (): Relation => relation('loose', ['id int8', `v ${type}`], 'row');

  const rules = (policy: Policy, own: ColumnOverride = override): ValueRules => ({
    ...DEFAULT_RULES,
    policies: { default: 'error', classes: new Map([[problem, policy]]) },
    columns: new Map(['narrow', 'loose'].map((name) => [`public.${name}.v`, own])),
  });

  const lost = async (): Promise<Cells[]> =>
    await bench.place.query(
      'SELECT table_name, row_key, column_name, pg_text, class, policy FROM pg2any_lost_values ORDER BY id',
    );

  const record = (table: Relation, key: object, policy: Policy): Cells => [
    table.name,
    JSON.stringify(key),
    'v',
    misfit,
    problem,
    policy,
  ];

  it.each([
    ['null', null],
    ['clamp', clamped],
  ] as const)('replaces by %s in the stream and keeps the original, once', async (policy, replaced) => {
    const pipe = await bench.start({ rules: rules(policy) });
    const table = keyed();
    await pipe.destination.prepare(table);
    await pipe.apply([
      insert(table, ['1', misfit, 'a']),
      insert(table, ['2', fits, 'b']),
      insert(table, ['3', null, 'c']),
    ]);
    await pipe.apply([update(table, ['2'], ['4', misfit, UNCHANGED]), update(table, ['1'], ['1', UNCHANGED, 'A'])]);
    expect(await bench.rows(table)).toEqual([
      ['1', replaced, 'A'],
      ['3', null, 'c'],
      ['4', replaced, 'b'],
    ]);
    expect(await lost()).toEqual([record(table, { id: '1' }, policy), record(table, { id: '4' }, policy)]);
    expect(pipe.destination.takeLost?.()).toEqual([{ table: 'public.narrow', column: 'v', problem, policy, count: 2 }]);
    expect(pipe.destination.takeLost?.()).toEqual([]);
  });

  it.each([3, 1200])('replaces in the initial copy, among %i rows', async (count) => {
    const pipe = await bench.start({ rules: rules('clamp') });
    const table = keyed();
    const others = numbered(count).map(([id, note]): Row => [id, fits, note]);
    await pipe.destination.prepare(table);
    await pipe.copy(table, [...others, ['1', misfit, 'x']]);
    expect(await bench.rows(table)).toEqual(
      sorted([...others.map(([id, , note]) => [id, kept, note] as Cells), ['1', clamped, 'x']]),
    );
    expect(await lost()).toEqual([record(table, { id: '1' }, 'clamp')]);
  });

  it('records a copy that begins again only once', async () => {
    const pipe = await bench.start({ rules: rules('null') });
    const table = keyed();
    await pipe.destination.prepare(table);
    const copy = await pipe.destination.copy(table, stateOf(table));
    await copy.write([['1', misfit, 'x']]);
    await copy.close();
    await pipe.copy(table, [['1', misfit, 'x']]);
    expect(await lost()).toHaveLength(1);
  });

  it('records nothing of what is rolled back', async () => {
    const pipe = await bench.start({ rules: rules('null') });
    const table = keyed();
    await pipe.destination.prepare(table);
    await pipe.piece([insert(table, ['1', misfit, 'x'])]);
    await pipe.destination.reconnect();
    expect(await lost()).toEqual([]);
    expect(pipe.destination.takeLost?.()).toEqual([]);
    await pipe.piece([insert(table, ['1', misfit, 'x'])]);
    await pipe.apply([insert(table, ['2', misfit, 'y'])]);
    expect(await lost()).toHaveLength(2);
    expect(pipe.destination.takeLost?.()).toMatchObject([{ count: 2 }]);
  });

  it('finds rows without a key by what was written', async () => {
    const pipe = await bench.start({ rules: rules('clamp') });
    const table = keyless();
    await pipe.destination.prepare(table);
    await pipe.apply([insert(table, ['1', misfit]), insert(table, ['2', misfit])]);
    await pipe.apply([update(table, ['1', misfit], ['3', misfit]), remove(table, ['2', misfit])]);
    expect(await bench.rows(table)).toEqual([['3', clamped]]);
    expect(await lost()).toEqual(['1', '2'].map((id) => record(table, { id, v: misfit }, 'clamp')));
  });

  it('expects the replacement where the copy is verified', async () => {
    const pipe = await bench.start({ rules: rules('clamp') });
    const table = keyed();
    await pipe.destination.prepare(table);
    await pipe.apply([insert(table, ['1', misfit, 'x'])]);
    const reader = pipe.destination.reader(table);
    expect(await reader.find(['1'])).toEqual(reader.expect(['1', misfit, 'x']));
    expect(reader.replaced?.(['1', misfit, 'x'])).toBe(1);
    expect(reader.replaced?.(['1', fits, 'x'])).toBe(0);
    expect(await lost()).toHaveLength(1);
  });

  it('makes a text column where the policy is text', async () => {
    const pipe = await bench.start({ rules: rules('text', {}) });
    const table = keyed();
    await pipe.destination.prepare(table);
    await pipe.apply([insert(table, ['1', misfit, 'x']), insert(table, ['2', fits, 'y'])]);
    expect(await bench.rows(table)).toEqual([
      ['1', misfit, 'x'],
      ['2', fits, 'y'],
    ]);
  });

  it('never replaces in a key: for the pipeline it stops, for the column it is refused', async () => {
    const table = relation('narrow', [`v ${type}`, 'note text'], ['v']);
    const pipe = await bench.start({ rules: rules('clamp') });
    await pipe.destination.prepare(table);
    await expect(pipe.apply([insert(table, [misfit, 'x'])])).rejects.toMatchObject({ code: 'VALUE_UNREPRESENTABLE' });
    const own = rules('clamp', { ...override, policies: { default: 'clamp', classes: new Map() } });
    const other = await bench.open({ rules: own });
    await other.claim(STREAM);
    await expect(other.prepare(table)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('makes no table of originals where nothing is replaced, and removes it with the pipeline', async () => {
    const plain = await bench.start();
    await expect(lost()).rejects.toThrow();
    await plain.destination.forget(STREAM);
    const pipe = await bench.start({ rules: rules('null') });
    const table = keyed();
    await pipe.destination.prepare(table);
    await pipe.apply([insert(table, ['1', misfit, 'x'])]);
    expect(await lost()).toHaveLength(1);
    await plain.destination.forget(STREAM);
    await expect(lost()).rejects.toThrow();
  });
}
