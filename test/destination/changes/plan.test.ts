import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/destination/changes/plan.ts';
import type { Ordered, Step, Target } from '../../../src/destination/contract.ts';
import type { Change } from '../../../src/model/change.ts';
import type { Relation } from '../../../src/model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';

const item = relation('item', ['id int4', 'name text', 'body text'], ['id']);
const pair = relation('pair', ['a int4', 'b int4', 'v text'], ['a', 'b']);
const log = relation('log', ['at text', 'what text'], 'row');

function target(of: Relation, ordered: Ordered | null = null): Target {
  const place = { schema: null, name: of.name, sql: of.name };
  return { relation: of, place, codecs: [], columns: [], ordered, bare: true, furtherUnique: false };
}

const compacted = new Map([
  [item, target(item)],
  [pair, target(pair)],
  [log, target(log, { reason: 'no key', shared: false })],
]);
const planned = (...changes: Change[]): Step[] => plan(changes, (one) => compacted.get(one) ?? target(one));
const brief = (steps: readonly Step[]) =>
  steps.map((step) =>
    step.kind === 'empty'
      ? ['empty', step.targets.map((one) => one.relation.name)]
      : [
          step.kind,
          'keys' in step
            ? step.keys
            : 'rows' in step
              ? [...step.rows]
              : step.patches.map(({ key, after }) => [key, after]),
        ],
  );

const insert = (...after: Value[]): Change => ({ kind: 'insert', relation: item, after });
const update = (key: string, ...after: Value[]): Change => ({ kind: 'update', relation: item, key: [key], after });
const remove = (key: string): Change => ({ kind: 'delete', relation: item, key: [key] });

describe('plan', () => {
  it('keeps only the last write of a key', () => {
    expect(brief(planned(insert('1', 'a', 'x'), update('1', '1', 'b', 'y'), update('1', '1', 'c', 'z')))).toEqual([
      ['upsert', [['1', 'c', 'z']]],
    ]);
    expect(brief(planned(insert('1', 'a', 'x'), remove('1')))).toEqual([['delete', [['1']]]]);
    expect(brief(planned(remove('1'), insert('1', 'a', 'x')))).toEqual([['upsert', [['1', 'a', 'x']]]]);
  });

  it('39: keeps the value of an insert that a later update left unchanged', () => {
    expect(brief(planned(insert('1', 'a', 'large'), update('1', '1', 'b', UNCHANGED)))).toEqual([
      ['upsert', [['1', 'b', 'large']]],
    ]);
  });

  it('patches the known columns when a value is only at the destination', () => {
    expect(brief(planned(update('1', '1', 'b', UNCHANGED), update('1', '1', UNCHANGED, 'y')))).toEqual([
      ['upsert', [['1', 'b', 'y']]],
    ]);
    expect(brief(planned(update('1', '1', 'b', UNCHANGED)))).toEqual([['patch', [[['1'], ['1', 'b', UNCHANGED]]]]]);
  });

  it('36: moves a row whose key changes, as delete and upsert or, with an unknown value, by one ordered update', () => {
    expect(brief(planned(update('1', '2', 'a', 'x')))).toEqual([
      ['delete', [['1']]],
      ['upsert', [['2', 'a', 'x']]],
    ]);
    expect(brief(planned(remove('2'), update('1', '2', 'a', UNCHANGED), insert('1', 'n', 'm')))).toEqual([
      ['delete', [['2']]],
      ['patch', [[['1'], ['2', 'a', UNCHANGED]]]],
      ['upsert', [['1', 'n', 'm']]],
    ]);
  });

  it('41: empties all tables of a truncate in one step and drops what was pending for them', () => {
    const truncate: Change = { kind: 'truncate', relations: [item, pair] };
    expect(brief(planned(insert('1', 'a', 'x'), truncate, insert('2', 'b', 'y')))).toEqual([
      ['empty', ['item', 'pair']],
      ['upsert', [['2', 'b', 'y']]],
    ]);
  });

  it('keeps the order of a table without a key', () => {
    const row = (kind: 'insert' | 'delete', ...values: Value[]): Change =>
      kind === 'insert' ? { kind, relation: log, after: values } : { kind, relation: log, key: values };
    expect(
      brief(
        planned(row('insert', '1', 'a'), row('insert', '1', 'a'), row('delete', '1', 'a'), row('insert', '2', 'b')),
      ),
    ).toEqual([
      [
        'insert',
        [
          ['1', 'a'],
          ['1', 'a'],
        ],
      ],
      ['deleteOne', [['1', 'a']]],
      ['insert', [['2', 'b']]],
    ]);
  });

  it('keeps the order across tables that foreign keys tie together', () => {
    const tied = new Map([item, pair].map((one) => [one, target(one, { reason: 'foreign key', shared: true })]));
    const steps = plan(
      [insert('1', 'a', 'x'), { kind: 'insert', relation: pair, after: ['1', '1', 'v'] }, remove('2')],
      (one) => tied.get(one) ?? target(one),
    );
    expect(steps.map((step) => ('target' in step ? [step.kind, step.target.relation.name] : step.kind))).toEqual([
      ['upsert', 'item'],
      ['upsert', 'pair'],
      ['delete', 'item'],
    ]);
  });

  it('tells composite keys apart that read the same when put together', () => {
    const one = (a: string, b: string): Change => ({ kind: 'insert', relation: pair, after: [a, b, 'v'] });
    expect(brief(planned(one('1', '11'), one('11', '1')))).toEqual([
      [
        'upsert',
        [
          ['1', '11', 'v'],
          ['11', '1', 'v'],
        ],
      ],
    ]);
  });

  it('passes over logical messages', () => {
    expect(planned({ kind: 'message', prefix: 'p', content: new Uint8Array(), transactional: true })).toEqual([]);
  });
});

type Table = Map<string, Row>;

const overwrite = (before: Row | undefined, after: Row): Row =>
  after.map((value, index): Value => (value === UNCHANGED ? (before?.[index] ?? null) : value));

/** What the source does, one change after the other. */
function interpret(table: Table, change: Change): void {
  if (change.kind === 'truncate') table.clear();
  if (change.kind === 'insert') table.set(String(change.after[0]), change.after);
  if (change.kind === 'delete') table.delete(String(change.key[0]));
  if (change.kind !== 'update') return;
  const before = table.get(String(change.key[0]));
  table.delete(String(change.key[0]));
  table.set(String(change.after[0]), overwrite(before, change.after));
}

/** What a session does, one step after the other. */
function perform(table: Table, step: Step): void {
  if (step.kind === 'empty') table.clear();
  if (step.kind === 'delete') for (const key of step.keys) table.delete(String(key[0]));
  if (step.kind === 'upsert') for (const row of step.rows) table.set(String(row[0]), row);
  if (step.kind !== 'patch') return;
  for (const { key, after } of step.patches) {
    const before = table.get(String(key[0]));
    expect(before, 'a patch finds its row').toBeDefined();
    table.delete(String(key[0]));
    table.set(String(after[0]), overwrite(before, after));
  }
}

/** A history that a source could have: updates and deletes only of rows that exist, keys that are free. */
function history(choices: readonly { op: number; key: number; to: number; mask: number }[], start: Table): Change[] {
  const table = new Map(start);
  let serial = 0;
  const value = (mask: number, bit: number): Value => {
    serial += 1;
    return mask & bit ? UNCHANGED : `v${serial}`;
  };
  return choices.flatMap(({ op, key, to, mask }): Change[] => {
    const [from, next] = [String(key), String(to)];
    const exists = table.has(from);
    let change: Change | null = null;
    if (op === 0) change = { kind: 'truncate', relations: [item] };
    else if (op <= 3) change = exists ? null : insert(from, value(0, 1), value(0, 2));
    else if (op <= 5) change = exists ? remove(from) : null;
    else if (exists && (op <= 8 || next === from)) change = update(from, from, value(mask, 1), value(mask, 2));
    else if (exists && !table.has(next)) change = update(from, next, value(mask, 1), value(mask, 2));
    if (!change) return [];
    interpret(table, change);
    return [change];
  });
}

describe('a planned batch', () => {
  it('leaves the table as the changes one by one would, whatever they are', () => {
    const choice = fc.record({
      op: fc.nat({ max: 11 }),
      key: fc.nat({ max: 5 }),
      to: fc.nat({ max: 5 }),
      mask: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(choice, { maxLength: 40 }),
        fc.array(fc.nat({ max: 5 }), { maxLength: 5 }),
        (choices, rows) => {
          const start: Table = new Map(rows.map((id) => [String(id), [String(id), 'start', 'body']]));
          const changes = history(choices, start);
          const [naive, compact] = [new Map(start), new Map(start)];
          for (const change of changes) interpret(naive, change);
          for (const step of planned(...changes)) perform(compact, step);
          expect([...compact].sort()).toEqual([...naive].sort());
        },
      ),
      { numRuns: 3000 },
    );
  });
});
