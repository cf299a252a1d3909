import { describe, expect, it } from 'vitest';
import { Events } from '../../../src/destination/kafka/events/events.ts';
import type { EventOptions } from '../../../src/destination/kafka/options.ts';
import type { Message } from '../../../src/destination/kafka/transport/message.ts';
import type { Batch, TransactionPart } from '../../../src/model/batch.ts';
import type { Change } from '../../../src/model/change.ts';
import { lsn } from '../../../src/model/lsn.ts';
import { relation } from '../../support/relations.ts';
import { eventOptions } from './options.ts';

/** The transaction of the examples in Debezium's documentation. */
const a = { ...relation('a', ['id int4'], ['id']), schema: 's1' };
const b = { ...relation('a', ['id int4'], ['id']), schema: 's2' };
const into = (table: typeof a, id: number): Change => ({ kind: 'insert', relation: table, after: [String(id)] });

const part = (upTo: number, more: Partial<TransactionPart> = {}): TransactionPart => ({
  ...{ xid: 571, commitLsn: lsn(53195832n), commitTime: 1486500577125, upTo, open: false },
  ...more,
});
const batch = (changes: readonly Change[], parts: readonly TransactionPart[] = [part(changes.length)]): Batch => ({
  ...{ changes, end: lsn(53195900n), rows: changes.length, transactions: parts.length, commitTime: 0, parts },
});

function events(more: Partial<EventOptions> = {}): Events {
  const all = new Events(eventOptions({ transactions: 'topic', ...more }));
  for (const one of [a, b]) all.prepare(one);
  return all;
}

const json = (bytes: Buffer | string | null) => JSON.parse(bytes?.toString() ?? 'null');
/** What each says of its transaction: a block, or the whole of a boundary. */
const told = (messages: Iterable<Message>): unknown[] =>
  Array.from(messages, ({ value }) => json(value)).map((one) => one?.transaction ?? one);
const place = (total: number, inTable: number) => ({
  id: '571:53195832',
  total_order: total,
  data_collection_order: inTable,
});

const BEGIN = {
  status: 'BEGIN',
  id: '571:53195832',
  event_count: null,
  data_collections: null,
  ts_ms: 1486500577125,
};
const END = {
  status: 'END',
  id: '571:53195832',
  event_count: 2,
  data_collections: [
    { data_collection: 's1.a', event_count: 1 },
    { data_collection: 's2.a', event_count: 1 },
  ],
  ts_ms: 1486500577125,
};

describe('the boundaries of source transactions', () => {
  it('are told as in the documentation: a block in each event, and BEGIN and END around them', () => {
    const messages = [...events().of(batch([into(a, 1), into(b, 1)]), 0)];
    expect(told(messages)).toEqual([BEGIN, place(1, 1), place(2, 1), END]);
    const [begin] = messages;
    expect(begin?.topic).toBe('PostgreSQL_server.transaction');
    expect(json(begin?.key ?? null)).toEqual({ id: '571:53195832' });
    expect(begin?.headers).toEqual({ 'pg2any.op': 'BEGIN', 'pg2any.lsn': '0/32BB438', 'pg2any.xid': '571' });
  });

  it('are not told unless asked for, and can be told in the events alone', () => {
    expect(told(events({ transactions: 'none' }).of(batch([into(a, 1)]), 0))).toMatchObject([{ transaction: null }]);
    expect(told(events({ transactions: 'block' }).of(batch([into(a, 1)]), 0))).toEqual([place(1, 1)]);
  });

  it('count both events of a changed key, and no tombstone', () => {
    const moved: Change = { kind: 'update', relation: a, key: ['1'], after: ['2'] };
    const messages = told(events().of(batch([moved]), 0));
    expect(messages.slice(1, 4)).toEqual([place(1, 1), null, place(2, 2)]);
    expect(messages[4]).toMatchObject({ event_count: 2 });
  });

  it('go round a transaction that comes in pieces, and round one that comes again', () => {
    const all = events();
    const open = part(1, { open: true });
    const pieces = [batch([into(a, 1)], [open]), batch([into(a, 2)], [open]), batch([], [part(0)])];
    const once = (): unknown[] => pieces.flatMap((piece) => told(all.of(piece, 0)));
    const whole = [BEGIN, place(1, 1), place(2, 2), { status: 'END', event_count: 2 }];
    expect(once()).toMatchObject(whole);
    expect(told(all.of(batch([into(a, 1)], [open]), 0))).toEqual([BEGIN]);
    all.reset();
    expect(once()).toMatchObject(whole);
  });

  it('leave out transactions without events', () => {
    expect([...events().of(batch([], [part(0)]), 0)]).toEqual([]);
  });

  it('count logical messages, which have no block, under the name that Debezium gives them', () => {
    const message: Change = { kind: 'message', prefix: 'p', content: Buffer.from('x'), transactional: true };
    const all = [...events().of(batch([into(a, 1), message, into(a, 2)]), 0)];
    expect(json(all[3]?.value ?? null)).toMatchObject({ transaction: place(3, 2) });
    expect(json(all[4]?.value ?? null)).toMatchObject({
      event_count: 3,
      data_collections: [
        { data_collection: 's1.a', event_count: 2 },
        { data_collection: 'LOGICAL_DECODING_MESSAGE', event_count: 1 },
      ],
    });
  });

  it('count flat events too, and carry a schema where events do', () => {
    const remove: Change = { kind: 'delete', relation: a, key: ['1'] };
    const flat = [...events({ format: 'flat' }).of(batch([into(a, 1), remove]), 0)];
    expect(json(flat.at(-1)?.value ?? null)).toMatchObject({ status: 'END', event_count: 2 });
    const [begin] = [...events({ format: 'debezium-schema' }).of(batch([into(a, 1)]), 0)];
    expect(json(begin?.value ?? null)).toMatchObject({
      schema: { name: 'io.debezium.connector.common.TransactionMetadataValue', version: 1, optional: false },
      payload: BEGIN,
    });
  });
});
