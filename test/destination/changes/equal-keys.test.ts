import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plan } from '../../../src/destination/changes/plan.ts';
import type { Step, Target } from '../../../src/destination/contract.ts';
import type { Change } from '../../../src/model/change.ts';
import { type Row, UNCHANGED, type Value } from '../../../src/model/value.ts';
import { relation } from '../../support/relations.ts';

/**
 * A numeric key is one key at the destination however many zeros it ends with, and 1.0 and 1.00 are different texts of
 * it. The source never has two of them at once, and old keys arrive as they were written.
 */
const price = relation('price', ['amount numeric', 'a text', 'b text'], ['amount']);
const target: Target = {
  relation: price,
  place: { schema: null, name: 'price', sql: 'price' },
  codecs: [],
  columns: [],
  ordered: null,
  bare: true,
  furtherUnique: false,
};

/** By the key as the destination sees it. */
type Table = Map<number, Row>;

const put = (table: Table, row: Row): unknown => table.set(Number(row[0]), row);

function replace(table: Table, key: Row, after: Row): void {
  const before = table.get(Number(key[0]));
  expect(before, 'an update finds its row').toBeDefined();
  table.delete(Number(key[0]));
  put(
    table,
    after.map((value, i): Value => (value === UNCHANGED ? (before?.[i] ?? null) : value)),
  );
}

function perform(table: Table, step: Step): void {
  if (step.kind === 'empty') table.clear();
  if (step.kind === 'delete') for (const key of step.keys) table.delete(Number(key[0]));
  if (step.kind === 'upsert') for (const row of step.rows) put(table, row);
  if (step.kind === 'patch') for (const { key, after } of step.patches) replace(table, key, after);
}

interface Draw {
  readonly what: 'insert' | 'delete' | 'update';
  readonly from: number;
  readonly to: number;
  readonly zeros: number;
  readonly keep: boolean;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  what: fc.constantFrom('insert', 'delete', 'update', 'update'),
  from: fc.nat({ max: 3 }),
  to: fc.nat({ max: 3 }),
  zeros: fc.nat({ max: 2 }),
  keep: fc.boolean(),
});

const spelled = (number: number, zeros: number): string => number.toFixed(zeros);

/** What the source does; null where it could not do that now. */
function change(table: Table, { what, from, to, zeros, keep }: Draw, serial: number): Change | null {
  const found = table.get(from);
  if (!found) return what === 'delete' ? null : insert(table, [spelled(from, zeros), `a${serial}`, `b${serial}`]);
  const key: Row = [found[0] ?? null];
  if (what === 'delete') {
    table.delete(from);
    return { kind: 'delete', relation: price, key };
  }
  if (to !== from && table.has(to)) return null;
  const after: Row = [spelled(to, zeros), `a${serial}`, keep ? UNCHANGED : `b${serial}`];
  replace(table, key, after);
  return { kind: 'update', relation: price, key, after };
}

function insert(table: Table, after: Row): Change {
  put(table, after);
  return { kind: 'insert', relation: price, after };
}

it('ends as the source does where different texts are one key at the destination', () => {
  fc.assert(
    fc.property(fc.array(draw, { maxLength: 40 }), fc.nat({ max: 2 }), (draws, zeros) => {
      const start: [number, Row][] = [0, 1].map((number) => [number, [spelled(number, zeros), 'start', 'kept']]);
      const [source, destination] = [new Map(start), new Map(start)];
      const changes = draws.flatMap((each, serial) => change(source, each, serial) ?? []);
      for (const step of plan(changes, () => target)) perform(destination, step);
      expect([...destination].sort()).toEqual([...source].sort());
    }),
    { numRuns: 3000 },
  );
});
