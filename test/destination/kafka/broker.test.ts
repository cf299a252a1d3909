import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { afterAll, afterEach, expect, it } from 'vitest';
import { drivers } from '../../../src/destination/registry.ts';
import type { Destination } from '../../../src/model/destination.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../src/model/kafka.ts';
import { type Lsn, lsn } from '../../../src/model/lsn.ts';
import { DEFAULT_RULES } from '../../../src/model/mapping.ts';
import { type PrivateKafka, startKafka } from '../../support/kafka.ts';
import { client, type Read, readCommitted } from '../../support/kafka-reader.ts';
import { describeWith } from '../../support/services.ts';
import { until } from '../../support/wait.ts';
import { createdTopics } from './created-topics.ts';
import { insert, table, transaction } from './transaction.ts';

const copying = { schema: 'public', name: 't', oid: table.oid, state: 'copying', rows: 0 } as const;

for (const version of ['4.1.0', '3.9.1'] as const)
  await describeWith(`Kafka ${version}`, () => startKafka(version), suite);

function suite(kafka: PrivateKafka): void {
  const opened: Destination[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  afterAll(() => kafka.stop());

  const fresh = (): { slot: string; prefix: string } => {
    const name = `k${randomBytes(4).toString('hex')}`;
    return { slot: name, prefix: name };
  };

  async function open(prefix: string, more: Partial<KafkaSettings> = {}, rules = DEFAULT_RULES): Promise<Destination> {
    const driver = drivers.find(({ type }) => type === 'kafka');
    if (!driver) throw new Error('no driver');
    const settings = { ...DEFAULT_KAFKA, prefix, replication: 1, ...more };
    const common = { autoCreateTables: true, connectTimeoutMs: 5000, queryTimeoutMs: 20_000 };
    const destination = await driver.open({ url: new URL(kafka.url), ...common, rules, kafka: settings });
    opened.push(destination);
    await destination.connect();
    return destination;
  }

  async function begun(
    prefix: string,
    slot: string,
    more: Partial<KafkaSettings> = {},
    rules = DEFAULT_RULES,
  ): Promise<Destination> {
    const destination = await open(prefix, more, rules);
    expect(await destination.claim({ slot, systemId: '1' })).toBeNull();
    await destination.begin(lsn(10n));
    await destination.prepare(table);
    return destination;
  }

  /** Once there are so many. */
  const events = (prefix: string, count: number): Promise<Read[]> =>
    until(
      async () => {
        const read = await readCommitted(kafka.broker, [`${prefix}.public.t`]);
        return read.length >= count ? read : null;
      },
      { what: `${count} events` },
    );

  const ids = async (prefix: string, count: number): Promise<number[]> =>
    (await events(prefix, count))
      .map(({ value }) => JSON.parse(value ?? '{}').after.id as number)
      .sort((a, b) => a - b);

  createdTopics({ broker: kafka.broker, fresh, begun: (prefix, slot, more) => begun(prefix, slot, more) });

  it('has events and the checkpoint, and neither without the other', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot);
    await one.apply(transaction([insert(1), insert(2)], 20));
    await one.close();
    const other = await open(prefix);
    expect((await other.claim({ slot, systemId: '1' }))?.flushed).toBe(20n);
    expect(await ids(prefix, 2)).toEqual([1, 2]);
  });

  it('shows nothing of a transaction that was not finished, and begins where the last one ended', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot);
    await one.apply(transaction([insert(1)], 20));
    await one.apply(transaction([insert(2), insert(3)], 30, true));
    expect(await one.reconnect()).toBe(20n);
    await one.apply(transaction([insert(2), insert(3), insert(4)], 30));
    expect(await ids(prefix, 4)).toEqual([1, 2, 3, 4]);
  });

  it('takes the pieces of a large transaction as one', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot);
    await one.apply(transaction([insert(1)], 20, true));
    await one.apply(transaction([insert(2)], 20, true));
    await one.apply(transaction([], 20));
    const read = await events(prefix, 2);
    const last = read.filter(({ headers }) => headers['pg2any.last'] === 'true');
    expect(last.map(({ headers }) => headers['pg2any.ordinal'])).toEqual(['2']);
    expect(read).toHaveLength(2);
  });

  it('lets only the instance write that claimed last', async () => {
    const { slot, prefix } = fresh();
    const first = await begun(prefix, slot);
    await first.apply(transaction([insert(1)], 20));
    const second = await open(prefix);
    await second.claim({ slot, systemId: '1' });
    await second.prepare(table);
    await expect(first.apply(transaction([insert(2, 'first')], 30))).rejects.toMatchObject({ retry: true });
    await expect(first.reconnect()).rejects.toMatchObject({ code: 'FENCED' });
    const batch = transaction([insert(2, 'second')], 30);
    await second.apply(batch).catch(async (error: { retry: boolean }) => {
      expect(error.retry).toBe(true);
      expect(await second.reconnect()).toBe(20n);
      await second.apply(batch);
    });
    const read = await events(prefix, 2);
    expect(read.map(({ value }) => JSON.parse(value ?? '').after.v).sort()).toEqual(['second', 'x']);
  });

  it('refuses an event that is larger than topics take, and names its row', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot, { maxMessageBytes: 10_000 });
    const failure = one.apply(transaction([insert(7, 'x'.repeat(20_000))], 20));
    await expect(failure).rejects.toMatchObject({
      code: 'VALUE_UNREPRESENTABLE',
      message: expect.stringContaining("public.t (id = '7')"),
    });
  });

  it('goes on with a new producer when the broker gave up the old one, in the middle of a transaction too', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot);
    await one.apply(transaction([insert(1)], 20, true));
    const other = client(kafka.broker).producer({ transactionalId: slot, idempotent: true, maxInFlightRequests: 1 });
    await other.connect();
    await (await other.transaction()).abort();
    await expect(one.apply(transaction([insert(2)], 20))).rejects.toMatchObject({ retry: true });
    await other.disconnect();
    expect(await one.reconnect()).toBe(10n);
    await one.apply(transaction([insert(1), insert(2)], 20));
    expect(await ids(prefix, 2)).toEqual([1, 2]);
  });

  it('stops, with the event, where a topic takes less than was configured', async () => {
    const { slot, prefix } = fresh();
    const admin = client(kafka.broker).admin();
    const configEntries = [{ name: 'max.message.bytes', value: '2000' }];
    await admin.createTopics({ topics: [{ topic: `${prefix}.public.t`, configEntries }], waitForLeaders: true });
    await admin.disconnect();
    const one = await begun(prefix, slot);
    const failure = one.apply(transaction([insert(6), insert(7, 'x'.repeat(3000))], 20));
    await expect(failure).rejects.toMatchObject({
      ...{ code: 'VALUE_REFUSED', retry: false },
      message: expect.stringMatching(/larger than the max message size.*the largest of 2 events .*\{"id":7\}/),
    });
    expect(await one.reconnect()).toBe(10n);
    await one.apply(transaction([insert(6)], 20));
    expect(await ids(prefix, 1)).toEqual([6]);
  });

  it('tells of values that a policy replaced once they are committed', async () => {
    const { slot, prefix } = fresh();
    const classes = new Map([['PACKET_TOO_LARGE', 'null']] as const);
    const rules = { ...DEFAULT_RULES, policies: { default: 'error', classes } } as const;
    const one = await begun(prefix, slot, { maxMessageBytes: 10_000 }, rules);
    await one.apply(transaction([insert(1, 'x'.repeat(20_000))], 20, true));
    expect(one.takeLost?.()).toEqual([]);
    await one.apply(transaction([], 20));
    expect(one.takeLost?.()).toMatchObject([{ table: 'public.t', column: 'v', count: 1, policy: 'null' }]);
    expect((await events(prefix, 1)).map(({ value }) => JSON.parse(value ?? '').after)).toEqual([{ id: 1, v: null }]);
  });

  it('refuses the checkpoint of another cluster, and forgets one on request', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot);
    await one.close();
    const other = await open(prefix);
    await expect(other.claim({ slot, systemId: '2' })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    const third = await open(prefix);
    expect((await third.peek({ slot, systemId: null }))?.flushed).toBe(10n);
    await third.forget({ slot, systemId: '1' });
    expect(await third.peek({ slot, systemId: null })).toBeNull();
  });

  it('remembers on which timeline everything was received, copies included', async () => {
    const { slot, prefix } = fresh();
    const on = async (timeline: number | null) => {
      const destination = await open(prefix);
      const found = await destination.claim({ slot, systemId: '1', timeline });
      return { destination, found };
    };
    const first = await on(1);
    await first.destination.begin(lsn(10n));
    const second = await on(2);
    expect(second.found).toMatchObject({ flushed: 10n, timeline: 1 });
    const copy = await second.destination.copy(table, { ...copying, snapshot: lsn(15n) });
    await copy.finish();
    const third = await on(null);
    expect(third.found).toMatchObject({ flushed: 10n, timeline: 2, tables: [{ state: 'copied' }] });
    expect(await third.destination.reconnect()).toBe(10n);
    await third.destination.prepare(table);
    await third.destination.apply(transaction([insert(1)], 20));
    expect(await third.destination.peek({ slot, systemId: '1' })).toMatchObject({ flushed: 20n, timeline: null });
  });

  it('remembers copied tables, and sends their rows as reads', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot);
    const copy = await one.copy(table, { ...copying, snapshot: lsn(15n) });
    await copy.write([
      ['1', 'a'],
      ['2', null],
    ]);
    await copy.finish();
    await copy.close();
    const other = await open(prefix);
    const checkpoint = await other.claim({ slot, systemId: '1' });
    expect(checkpoint?.tables).toMatchObject([{ oid: table.oid, state: 'copied', snapshot: 15n as Lsn, rows: 2 }]);
    const read = await events(prefix, 2);
    expect(read.map(({ value }) => JSON.parse(value ?? '').op)).toEqual(['r', 'r']);
  });

  it("writes every compression as Kafka's own code reads it", async () => {
    const { slot, prefix } = fresh();
    const codecs = ['gzip', 'snappy', 'lz4', ...('zstdCompress' in zlib ? (['zstd'] as const) : [])] as const;
    const sent: string[] = [];
    for (const compression of codecs) {
      const own = `${prefix}-${compression}`;
      const one = await begun(own, `${slot}-${compression}`, { compression, partitions: 1 });
      for (let rows = 1; rows <= 12; rows++) {
        const texts = Array.from(
          { length: rows },
          (_, at) => `${compression} ${'ab'.repeat(at * rows * 3)} ${rows}.${at}`,
        );
        sent.push(...texts);
        await one.apply(
          transaction(
            texts.map((text, at) => insert(at, text)),
            10 + 10 * rows,
          ),
        );
      }
    }
    const dump = await kafka.dump(codecs.map((codec) => `${prefix}-${codec}.public.t`));
    for (const codec of codecs) expect(dump.match(new RegExp(`compresscodec: ${codec}`, 'g'))).toHaveLength(12);
    const read = [...dump.matchAll(/ payload: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json).after.v);
    expect(read).toEqual(sent);
  });

  it('works at least once without transactions, and says so', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot, { delivery: 'at-least-once', acks: '1', lingerMs: 1 });
    expect((await one.connect()).road).toContain('at least once: after a failure events may come again, and a leader');
    await one.apply(transaction([insert(1)], 20));
    expect(await one.reconnect()).toBe(20n);
    expect(await ids(prefix, 1)).toEqual([1]);
  });
}
