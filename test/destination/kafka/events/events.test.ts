import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Events } from '../../../../src/destination/kafka/events/events.ts';
import type { EventOptions } from '../../../../src/destination/kafka/options.ts';
import type { Message } from '../../../../src/destination/kafka/transport/message.ts';
import type { Batch, TransactionPart } from '../../../../src/model/batch.ts';
import type { Change } from '../../../../src/model/change.ts';
import { lsn } from '../../../../src/model/lsn.ts';
import { UNCHANGED } from '../../../../src/model/value.ts';
import { relation } from '../../../support/relations.ts';
import { customers, eventOptions } from '../options.ts';

/** Processing and commit time of the examples in Debezium's documentation. */
const NOW = 1465584025523;
const COMMITTED = 1559033904863;

const part = (upTo: number, more: Partial<TransactionPart> = {}): TransactionPart => ({
  xid: 556,
  commitLsn: lsn(24023128n),
  commitTime: COMMITTED,
  upTo,
  open: false,
  ...more,
});

const batch = (changes: readonly Change[], parts: readonly TransactionPart[] = [part(changes.length)]): Batch => ({
  changes,
  end: lsn(24023200n),
  rows: changes.length,
  transactions: parts.length,
  commitTime: COMMITTED,
  parts,
});

const table = customers();
const ANNE = ['1', 'Anne', 'Kretchmar', 'annek@noanswer.org'];
const insert: Change = { kind: 'insert', relation: table, after: ANNE };
const update: Change = {
  kind: 'update',
  relation: table,
  key: ['1'],
  after: ['1', 'Anne Marie', 'Kretchmar', 'annek@noanswer.org'],
};
const remove: Change = { kind: 'delete', relation: table, key: ['1'] };

function events(more: Partial<EventOptions> = {}): Events {
  const all = new Events(eventOptions(more));
  all.prepare(table);
  return all;
}

const made = (changes: readonly Change[], more: Partial<EventOptions> = {}): Message[] => [
  ...events(more).of(batch(changes), NOW),
];

const json = (buffer: Buffer | string | null | undefined): Record<string, unknown> | null =>
  buffer ? JSON.parse(buffer.toString()) : null;

const SOURCE = {
  connector: 'postgresql',
  name: 'PostgreSQL_server',
  ts_ms: 1559033904863,
  ts_us: 1559033904863000,
  snapshot: 'false',
  db: 'postgres',
  sequence: '[null,"24023128"]',
  schema: 'inventory',
  table: 'customers',
  txId: 556,
  lsn: 24023128,
  xmin: null,
};

describe("events in Debezium's envelope", () => {
  it('shows a created row as the documentation does', () => {
    const [message] = made([insert]);
    expect(message?.topic).toBe('PostgreSQL_server.inventory.customers');
    expect(message?.key?.toString()).toBe('{"id":1}');
    expect(json(message?.value)).toMatchObject({
      before: null,
      after: { id: 1, first_name: 'Anne', last_name: 'Kretchmar', email: 'annek@noanswer.org' },
      source: SOURCE,
      transaction: null,
      op: 'c',
      ts_ms: NOW,
    });
  });

  it('shows an updated row, and the old one where the table has REPLICA IDENTITY FULL', () => {
    const [plain] = made([update]);
    expect(json(plain?.value)).toMatchObject({ before: null, after: { first_name: 'Anne Marie' }, op: 'u' });
    const [full] = made([{ ...update, before: ANNE }]);
    expect(json(full?.value)).toMatchObject({ before: { id: 1, first_name: 'Anne' }, op: 'u' });
  });

  it('shows a deleted row by its key, with a tombstone behind it', () => {
    const [event, tombstone, ...more] = made([remove]);
    expect(json(event?.value)).toMatchObject({ before: { id: 1 }, after: null, op: 'd' });
    expect(tombstone).toMatchObject({ key: event?.key, value: null });
    expect(more).toEqual([]);
    expect(made([remove], { tombstones: false })).toHaveLength(1);
  });

  it('makes a delete and a create of an update that changes the key', () => {
    const moved: Change = { kind: 'update', relation: table, key: ['1'], after: ['2', 'Anne', 'K', 'a@b'] };
    const messages = made([moved]);
    expect(messages.map(({ key, value }) => [key?.toString(), json(value)?.op ?? null])).toEqual([
      ['{"id":1}', 'd'],
      ['{"id":1}', null],
      ['{"id":2}', 'c'],
    ]);
  });

  it.each([
    ['debezium', 2],
    ['debezium-schema', 2],
    ['flat', 1],
  ] as const)('tells in headers of %s events which key a row had and which it has', (format, deletes) => {
    const moved: Change = { kind: 'update', relation: table, key: ['1'], after: ['2', 'Anne', 'K', 'a@b'] };
    const told = made([moved, update], { format }).map(({ headers }) =>
      Object.entries(headers).filter(([name]) => name.startsWith('__debezium')),
    );
    const gone = [['__debezium.newkey', '{"id":2}']];
    const come = [['__debezium.oldkey', '{"id":1}']];
    expect(told).toEqual([...Array(deletes).fill(gone), come, []]);
  });

  it('carries the schema of the documentation where consumers have no registry', () => {
    const golden = readFileSync(new URL('../golden/customers-schema.json', import.meta.url), 'utf8');
    const [message] = made([insert], { format: 'debezium-schema' });
    expect(json(message?.value)?.schema).toEqual(JSON.parse(golden));
    expect(json(message?.value)?.payload).toMatchObject({ op: 'c', after: { id: 1 } });
    expect(json(message?.key)).toEqual({
      schema: {
        type: 'struct',
        fields: [{ type: 'int32', optional: false, field: 'id' }],
        optional: false,
        name: 'PostgreSQL_server.inventory.customers.Key',
      },
      payload: { id: 1 },
    });
  });

  it('marks a large value that did not change as Debezium does', () => {
    const kept: Change = { kind: 'update', relation: table, key: ['1'], after: ['1', 'A', UNCHANGED, 'e'] };
    const [message] = made([kept]);
    expect(json(message?.value)?.after).toMatchObject({ last_name: '__debezium_unavailable_value' });
  });

  it('refuses to invent a large number that was not sent', () => {
    const numbers = relation('n', ['id int4', 'v numeric'], ['id']);
    const kept: Change = { kind: 'update', relation: numbers, key: ['1'], after: ['1', UNCHANGED] };
    const all = new Events(eventOptions());
    all.prepare(numbers);
    expect(() => [...all.of(batch([kept]), NOW)]).toThrow(/public\.n \(id = '1'\): the server did not send v/);
  });

  it('names table, row and column of a value that has no counterpart', () => {
    const numbers = relation('n', ['id int4', 'v numeric'], ['id']);
    const all = new Events(eventOptions());
    all.prepare(numbers);
    const bad: Change = { kind: 'insert', relation: numbers, after: ['7', 'NaN'] };
    expect(() => [...all.of(batch([bad]), NOW)]).toThrow(/public\.n \(id = '7'\): the value of v .*NUMERIC_NAN/);
  });

  it('shows truncates and logical messages', () => {
    const content = Buffer.from('bar');
    const [truncate, message] = made([
      { kind: 'truncate', relations: [table] },
      { kind: 'message', prefix: 'foo', content, transactional: true },
    ]);
    expect(json(truncate?.value)).toMatchObject({ before: null, after: null, op: 't' });
    expect(message?.topic).toBe('PostgreSQL_server.message');
    expect(json(message?.key)).toEqual({ prefix: 'foo' });
    const source = { schema: '', table: '', txId: 556 };
    expect(json(message?.value)).toMatchObject({ op: 'm', source, message: { prefix: 'foo', content: 'YmFy' } });
  });
});

describe('flat events', () => {
  it('are the row alone, and a tombstone where it is gone', () => {
    const [row, gone, ...more] = made([insert, remove], { format: 'flat' });
    expect(json(row?.value)).toEqual({
      id: 1,
      first_name: 'Anne',
      last_name: 'Kretchmar',
      email: 'annek@noanswer.org',
    });
    expect([gone?.key?.toString(), gone?.value]).toEqual(['{"id":1}', null]);
    expect(more).toEqual([]);
  });
});

describe('the place of an event in its transaction', () => {
  const places = (messages: readonly Message[]): unknown[] =>
    messages.map(({ headers }) => [headers['pg2any.lsn'], headers['pg2any.ordinal'], headers['pg2any.last']]);

  it('is in its headers', () => {
    const second = part(3, { xid: 557, commitLsn: lsn(24024000n) });
    const messages = [...events().of(batch([insert, update, insert], [part(2), second]), NOW)];
    expect(places(messages)).toEqual([
      ['0/16E9058', '1', 'false'],
      ['0/16E9058', '2', 'true'],
      ['0/16E93C0', '1', 'true'],
    ]);
    expect(messages.map(({ headers }) => headers['pg2any.xid'])).toEqual(['556', '556', '557']);
  });

  it('goes on across the pieces of a large transaction, whose last piece may be empty', () => {
    const all = events();
    const open = part(1, { open: true });
    const pieces = [batch([insert], [open]), batch([update], [open]), batch([], [part(0)])];
    const messages = pieces.map((piece) => [...all.of(piece, NOW)]);
    expect(messages.map((one) => one.length)).toEqual([0, 1, 1]);
    expect(places(messages.flat())).toEqual([
      ['0/16E9058', '1', 'false'],
      ['0/16E9058', '2', 'true'],
    ]);
  });

  it('begins anew when a transaction that was not committed comes again', () => {
    const all = events();
    expect([...all.of(batch([insert], [part(1, { open: true })]), NOW)]).toEqual([]);
    all.reset();
    expect(places([...all.of(batch([insert]), NOW)])).toEqual([['0/16E9058', '1', 'true']]);
  });
});

describe('the partition of an event', () => {
  it('is chosen by its key as it is sent', () => {
    const [message] = made([insert], { format: 'debezium-schema' });
    expect(message?.route).toEqual(message?.key);
  });

  it('is chosen by a column where one is named', () => {
    const lines = relation('lines', ['order_id int4', 'line int4', 'v'], ['order_id', 'line']);
    const all = new Events(eventOptions({ partitionBy: new Map([['public.lines', 'order_id']]) }));
    all.prepare(lines);
    const changes: Change[] = [
      { kind: 'insert', relation: lines, after: ['7', '1', 'a'] },
      { kind: 'delete', relation: lines, key: ['7', '2'] },
    ];
    const routes = [...all.of(batch(changes), NOW)].map(({ route }) => route.toString());
    expect(routes).toEqual(['7', '7', '7']);
  });

  it('is refused where deletes would not show the column', () => {
    const all = new Events(eventOptions({ partitionBy: new Map([['inventory.customers', 'email']]) }));
    expect(() => all.prepare(table)).toThrow(/deletes do not show email/);
  });

  it('is the same for all rows of a table without a key', () => {
    const log = relation('log', ['v'], 'none');
    const all = new Events(eventOptions());
    all.prepare(log);
    const rows: Change[] = ['a', 'b'].map((v) => ({ kind: 'insert', relation: log, after: [v] }));
    const messages = [...all.of(batch(rows), NOW)];
    expect(messages.map(({ key, route }) => [key, route.toString()])).toEqual([
      [null, 'PostgreSQL_server.public.log'],
      [null, 'PostgreSQL_server.public.log'],
    ]);
  });
});
