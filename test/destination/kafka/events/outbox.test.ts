import { describe, expect, it } from 'vitest';
import { Events } from '../../../../src/destination/kafka/events/events.ts';
import type { Message } from '../../../../src/destination/kafka/transport/message.ts';
import type { Batch } from '../../../../src/model/batch.ts';
import type { Change } from '../../../../src/model/change.ts';
import { lsn } from '../../../../src/model/lsn.ts';
import { DEFAULT_RULES } from '../../../../src/model/mapping.ts';
import { DEFAULT_OUTBOX, type OutboxSettings } from '../../../../src/model/outbox.ts';
import { relation } from '../../../support/relations.ts';
import { eventOptions } from '../options.ts';

const COLUMNS = ['id uuid', 'aggregatetype', 'aggregateid', 'type', 'payload jsonb', 'tenant int4'];
const outbox = relation('outbox', COLUMNS, ['id']);
const ID = '406c07f3-26f0-4eea-a50c-109940064b8f';
const PAYLOAD = '{"id": 1, "lineItems": [{"totalPrice": 39.90000000000000001}]}';
const insert = (payload: string | null = PAYLOAD, type: string | null = 'Order'): Change => ({
  ...{ kind: 'insert', relation: outbox, after: [ID, type, '1', 'OrderCreated', payload, '7'] },
});
const message = (content: string): Change => ({
  ...{ kind: 'message', prefix: 'outbox', content: Buffer.from(content), transactional: true },
});

function sent(changes: readonly Change[], more: Partial<OutboxSettings> = {}, table = outbox) {
  const warnings: string[] = [];
  const settings = { ...DEFAULT_OUTBOX, tables: ['public.outbox'], messages: 'outbox', ...more };
  const events = new Events(eventOptions({ outbox: settings }), {
    rules: DEFAULT_RULES,
    warn: (text) => warnings.push(text),
    replaced: () => undefined,
  });
  events.prepare(table);
  const part = { xid: 5, commitLsn: lsn(10n), commitTime: 0, upTo: changes.length, open: false };
  const batch: Batch = {
    ...{ changes, end: lsn(20n), rows: changes.length, transactions: 1, commitTime: 0, parts: [part] },
  };
  return { messages: [...events.of(batch, 0)], warnings };
}

const shown = ({ topic, key, value }: Message): unknown[] => [topic, key?.toString(), value?.toString() ?? null];

describe('an outbox table', () => {
  it('is routed by the kind of aggregate, keyed by its id, with the payload as it is', () => {
    const [event] = sent([insert()]).messages;
    expect(event && shown(event)).toEqual(['outbox.event.Order', '1', PAYLOAD]);
    expect(event?.headers).toMatchObject({
      id: ID,
      eventType: 'OrderCreated',
      'pg2any.op': 'c',
      'pg2any.last': 'true',
    });
  });

  it('puts further columns into headers, or into an envelope with numbers as they are', () => {
    const header = sent([insert()], { additional: [{ column: 'tenant', place: 'header', as: 't' }] });
    expect(header.messages[0]?.headers).toMatchObject({ t: '7' });
    expect(header.messages[0]?.headers).not.toHaveProperty('eventType');
    const additional = [{ column: 'tenant', place: 'envelope', as: 'tenant' }] as const;
    const text = sent([insert()], { additional }).messages[0]?.value?.toString();
    expect(text).toBe(`{"payload":${JSON.stringify(PAYLOAD)},"tenant":7}`);
    const nested = sent([insert()], { additional, expandJson: true }).messages[0]?.value?.toString();
    expect(nested).toBe(`{"payload":${PAYLOAD},"tenant":7}`);
  });

  it('sends bytes as bytes', () => {
    const binary = relation('outbox', ['id', 'aggregatetype', 'aggregateid', 'payload bytea'], ['id']);
    const change: Change = { kind: 'insert', relation: binary, after: ['1', 'a', 'b', '\\xff00fe'] };
    expect(sent([change], {}, binary).messages[0]?.value).toEqual(Buffer.from([0xff, 0, 0xfe]));
  });

  it('takes an empty payload for a tombstone only where that is wanted', () => {
    expect(sent([insert(null)]).messages.map(shown)).toEqual([['outbox.event.Order', '1', 'null']]);
    const { messages } = sent([insert(null), insert('')], { tombstones: true });
    expect(messages.map(({ value }) => value)).toEqual([null, null]);
  });

  it('ignores deletes and truncates, and passes over updates with a warning, or stops there', () => {
    const remove: Change = { kind: 'delete', relation: outbox, key: [ID] };
    const update: Change = { ...insert(), kind: 'update', key: [ID] } as Change;
    const { messages, warnings } = sent([insert(), remove, { kind: 'truncate', relations: [outbox] }, update]);
    expect(messages.map(({ headers }) => headers['pg2any.last'])).toEqual(['true']);
    expect(warnings).toEqual([expect.stringMatching(/public\.outbox \(id = '406c.*a row of an outbox was updated/)]);
    expect(() => sent([update], { invalid: 'stop' })).toThrow(/was updated/);
  });

  it('stops at an entry without a kind of aggregate, unless it is to be skipped', () => {
    expect(() => sent([insert('{}', null)])).toThrow(/aggregatetype is empty/);
    expect(() => sent([insert('{}', '..')], { topic: '{aggregatetype}' })).toThrow(/cannot be the topic/);
    const skipped = sent([insert('{}', null), insert()], { invalid: 'skip' });
    expect([skipped.messages.length, skipped.warnings.length]).toEqual([1, 1]);
  });

  it('may call its columns otherwise, but must have them', () => {
    const other = relation('outbox', ['event_id', 'kind', 'aggregateid', 'payload'], ['event_id']);
    const columns = new Map([
      ['id', 'event_id'],
      ['aggregatetype', 'kind'],
    ]);
    const change: Change = { kind: 'insert', relation: other, after: ['e1', 'cart', 'c9', 'x'] };
    const [event] = sent([change], { columns }, other).messages;
    expect(event && [...shown(event), event.headers.id]).toEqual(['outbox.event.cart', 'c9', 'x', 'e1']);
    expect(() => sent([change], {}, other)).toThrow(/public\.outbox is an outbox, but has no column id, aggregatetype/);
  });
});

describe('an outbox of logical messages', () => {
  it('takes the same fields from JSON, whose payload keeps every digit', () => {
    const { messages } = sent([
      message(`{"id": 9, "aggregatetype": "Order", "aggregateid": "1", "type": "Paid", "payload": ${PAYLOAD} }`),
      message('{"id":"x","aggregatetype":"Order","aggregateid":"a \\"b\\" }","payload":"plain, {text}"}'),
    ]);
    expect(messages.map(shown)).toEqual([
      ['outbox.event.Order', '1', PAYLOAD],
      ['outbox.event.Order', 'a "b" }', 'plain, {text}'],
    ]);
    expect(messages[0]?.headers).toMatchObject({ id: '9', eventType: 'Paid' });
  });

  it('leaves messages of other prefixes as they are, and stops at what is no JSON object', () => {
    const other: Change = { ...message('{}'), prefix: 'audit' } as Change;
    expect(sent([other]).messages[0]?.topic).toBe('PostgreSQL_server.message');
    expect(() => sent([message('[1]')])).toThrow(/message outbox: its content is not a JSON object/);
    expect(() => sent([message('{"aggregatetype":"a"}')])).toThrow(/it has no payload/);
    expect(sent([message('nonsense')], { invalid: 'skip' }).warnings).toHaveLength(1);
  });
});
