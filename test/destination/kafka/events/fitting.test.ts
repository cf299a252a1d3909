import { describe, expect, it } from 'vitest';
import { Events } from '../../../../src/destination/kafka/events/events.ts';
import type { EventOptions } from '../../../../src/destination/kafka/options.ts';
import type { Batch } from '../../../../src/model/batch.ts';
import type { Change } from '../../../../src/model/change.ts';
import { lsn } from '../../../../src/model/lsn.ts';
import { DEFAULT_RULES, type ValueRules } from '../../../../src/model/mapping.ts';
import type { Relation } from '../../../../src/model/relation.ts';
import { relation } from '../../../support/relations.ts';
import { eventOptions } from '../options.ts';

const table = relation('t', ['id int4', 'a', 'b', 'c'], ['id']);
const full: Relation = { ...table, replicaIdentity: 'full' };
const LONG = 'é'.repeat(2000);
const LONGER = 'x'.repeat(5000);
const allowed: ValueRules = {
  ...DEFAULT_RULES,
  policies: { default: 'error', classes: new Map([['PACKET_TOO_LARGE', 'null']]) },
};

function sent(changes: readonly Change[], rules: ValueRules, more: Partial<EventOptions> = {}) {
  const lost: string[] = [];
  const options = eventOptions({ maxMessageBytes: 6000, transactions: 'block', ...more });
  const replaced = (one: Relation, column: number): void => {
    lost.push(one.columns[column]?.name ?? '');
  };
  const events = new Events(options, { rules, warn: () => undefined, replaced });
  for (const one of [table, full]) events.prepare(one);
  const part = { xid: 5, commitLsn: lsn(10n), commitTime: 0, upTo: changes.length, open: false };
  const batch: Batch = {
    ...{ changes, end: lsn(20n), rows: changes.length, transactions: 1, commitTime: 0, parts: [part] },
  };
  const values = [...events.of(batch, 0)].map(({ value }) => JSON.parse(value?.toString() ?? 'null'));
  return { lost, values };
}

const insert: Change = { kind: 'insert', relation: table, after: ['1', LONG, LONGER, 'c'] };

describe('an event that is larger than topics take', () => {
  it('stops, and names row, bytes and the line that lets it pass', () => {
    const refused = expect(() => sent([insert], DEFAULT_RULES));
    refused.toThrow(/public\.t \(id = '1'\): its event has \d{4,5} bytes, more than the 6000 .*PACKET_TOO_LARGE/);
    expect
      .soft(() => sent([insert], DEFAULT_RULES))
      .toThrow(
        expect.objectContaining({
          code: 'VALUE_UNREPRESENTABLE',
          problem: 'PACKET_TOO_LARGE',
          retry: false,
          hint: expect.stringContaining('columns: { "public.t.b": { policy: { PACKET_TOO_LARGE: null } } }'),
        }),
      );
  });

  it('is not reached by a policy for all classes, as with rows elsewhere', () => {
    const byDefault: ValueRules = { ...DEFAULT_RULES, policies: { default: 'null', classes: new Map() } };
    expect(() => sent([insert], byDefault)).toThrow(/PACKET_TOO_LARGE/);
  });

  it('loses its longest values where the policy lets it, and keeps its place in the transaction', () => {
    const { lost, values } = sent([insert, { ...insert, after: ['2', 'a', 'b', 'c'] }], allowed);
    expect(lost).toEqual(['b']);
    expect(values.map(({ after, transaction }) => [after, transaction.total_order])).toEqual([
      [{ id: 1, a: LONG, b: null, c: 'c' }, 1],
      [{ id: 2, a: 'a', b: 'b', c: 'c' }, 2],
    ]);
  });

  it('counts the old row too, in which the same column is left out', () => {
    const before = ['1', 'a', LONGER, 'c'];
    const update: Change = { kind: 'update', relation: full, key: ['1'], after: ['1', 'a', `${LONGER}.`, 'd'], before };
    const remove: Change = { kind: 'delete', relation: full, key: ['1'], before: ['1', LONG, LONGER, 'c'] };
    const { values, lost } = sent([update, remove], allowed, { tombstones: false });
    expect(lost).toEqual(['b', 'b']);
    expect(values.map(({ before: old, after }) => [old.b, after?.b])).toEqual([
      [null, null],
      [null, undefined],
    ]);
  });

  it('never loses its key, nor what a schema does not let be null', () => {
    const keyed = relation('t', ['id', 'a'], ['id']);
    const wide: Change = { kind: 'insert', relation: keyed, after: [LONGER, 'a'] };
    const events = new Events(eventOptions({ maxMessageBytes: 3000 }), {
      ...{ rules: allowed, warn: () => undefined, replaced: () => undefined },
    });
    expect(() => events.prepare(keyed).change(wide, position, 0)).toThrow(/its event has/);
    const strict = { ...table, columns: table.columns.map((column) => ({ ...column, notNull: true })) };
    const schema = new Events(eventOptions({ maxMessageBytes: 6000, format: 'debezium-schema' }), {
      ...{ rules: allowed, warn: () => undefined, replaced: () => undefined },
    });
    expect(() => schema.prepare(strict).change(insert as never, position, 0)).toThrow(/its event has/);
  });

  it('is refused as a logical message too', () => {
    const message: Change = { kind: 'message', prefix: 'p', content: Buffer.alloc(5000), transactional: true };
    expect(() => sent([message], allowed)).toThrow(/the event of a message p has \d+ bytes/);
  });
});

const position = { xid: 1, lsn: lsn(1n), previous: null, time: 0, counts: null };
