import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { drivers } from '../../../src/destination/registry.ts';
import type { Destination, TableCopy } from '../../../src/model/destination.ts';
import { Pg2anyError } from '../../../src/model/error.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../src/model/kafka.ts';
import { type PrivateKafka, startKafka } from '../../support/kafka.ts';
import { type Read, readCommitted } from '../../support/kafka-reader.ts';
import { catchUp, type Running, type Setup, startPipeline } from '../../support/pipeline.ts';
import { describeWith, freshDatabase, postgres } from '../../support/services.ts';
import { pgRows, pgValue } from '../../support/sql.ts';
import { until } from '../../support/wait.ts';

/** The table that the events of one topic add up to, by key; nothing may come twice. */
function replayed(events: readonly Read[]): string[] {
  const rows = new Map<string, string>();
  for (const { key, value } of events) {
    if (key === null || value === null) continue;
    const { op, after } = JSON.parse(value) as { op: string; after: { id: number; v: string | null } };
    const known = rows.has(key);
    if (op === 'c' || op === 'r') expect([key, known]).toEqual([key, false]);
    if (op === 'd') expect([key, rows.delete(key)]).toEqual([key, true]);
    else rows.set(key, JSON.stringify([String(after.id), after.v]));
  }
  return [...rows.values()].sort();
}

for (const version of ['4.1.0', '3.9.1'] as const)
  await describeWith(`a pipeline into Kafka ${version}`, () => startKafka(version), suite);

function suite(kafka: PrivateKafka): void {
  let source: string;
  let drop: () => Promise<void>;
  let slot: string;
  const running: Running[] = [];
  const sql = (text: string) => pgRows(source, text);
  beforeEach(async () => {
    const database = await freshDatabase(await postgres());
    [source, drop] = [database.url, database.drop];
    slot = `k_${process.pid}_${randomBytes(4).toString('hex')}`;
    await sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop().catch(() => undefined);
    await drop();
  });
  afterAll(() => kafka.stop());

  const setup = (more: Partial<KafkaSettings> = {}): Setup => ({
    source,
    slot,
    open: () => {
      const driver = drivers.find(({ type }) => type === 'kafka');
      if (!driver) throw new Error('no driver');
      const settings: KafkaSettings = { ...DEFAULT_KAFKA, prefix: slot, replication: 1, ...more };
      const common = { autoCreateTables: true, connectTimeoutMs: 3000, queryTimeoutMs: 10_000 };
      return driver.open({ url: new URL(kafka.url), ...common, kafka: settings });
    },
  });
  const start = async (): Promise<Running> => {
    const run = startPipeline(setup());
    running.push(run);
    await run.saw('streaming');
    return run;
  };
  const read = () => readCommitted(kafka.broker, [`${slot}.public.t`]);
  /** Once there are so many. */
  const events = (count: number, topic = `${slot}.public.t`) =>
    until(
      async () => {
        const found = await readCommitted(kafka.broker, [topic]);
        return found.length >= count ? found : null;
      },
      { what: `${count} events` },
    );
  const expectSame = async (): Promise<void> => {
    const rows = (await sql('SELECT id::text, v FROM t')).map((row) => JSON.stringify(row)).sort();
    await until(async () => {
      expect(replayed(await read())).toEqual(rows);
      return true;
    });
  };

  it('loses and repeats nothing when the broker is killed under load', async () => {
    const told = setup({ transactions: 'topic', compression: 'gzip' });
    const run = startPipeline(told);
    running.push(run);
    await run.saw('streaming');
    let stop = false;
    let made = 0;
    const load = (async () => {
      for (; !stop; made += 1)
        await sql(`INSERT INTO t SELECT i, 'v' FROM generate_series(${made * 50}, ${made * 50 + 49}) i;
          UPDATE t SET v = v || 'u' WHERE id = ${made * 50 + 7}; SELECT pg_sleep(0.02)`);
    })();
    await until(() => made > 3, { what: 'load' });
    await kafka.kill();
    await run.saw('destination.retry');
    await kafka.start();
    const back = () => run.events.some(({ event }) => event === 'destination.back');
    await until(back, { timeoutMs: 60_000, what: 'the broker' });
    stop = true;
    await load;
    await run.stop();
    await catchUp(told);
    expect(Number(await pgValue(source, 'SELECT count(*) FROM t'))).toBe(made * 50);
    await expectSame();
    const boundaries = await events(made * 2, `${slot}.transaction`);
    const ends = boundaries.map(({ value }) => JSON.parse(value ?? '')).filter(({ status }) => status === 'END');
    expect([ends.length, new Set(ends.map(({ id }) => id)).size]).toEqual([made, made]);
    expect(ends.reduce((sum, { event_count }) => sum + event_count, 0)).toBe((await read()).length);
  }, 120_000);

  // what follows is the pipeline's, whatever the broker's version
  if (kafka.version !== '4.1.0') return;

  it('reads what is there, then follows every change', async () => {
    await sql("INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 500) i");
    await catchUp(setup());
    expect(new Set((await events(500)).map(({ value }) => JSON.parse(value ?? '').op))).toEqual(new Set(['r']));
    await sql("UPDATE t SET v = 'new' WHERE id <= 100");
    await sql('DELETE FROM t WHERE id > 450');
    await sql('UPDATE t SET id = id + 1000 WHERE id BETWEEN 200 AND 210');
    await catchUp(setup());
    await expectSame();
    const moved = (await read()).filter(({ headers }) => '__debezium.oldkey' in headers);
    const keys = moved.map(({ key, headers }) => `${headers['__debezium.oldkey']} ${key}`);
    expect(keys.sort()).toEqual(Array.from({ length: 11 }, (_, at) => `{"id":${200 + at}} {"id":${1200 + at}}`));
  });

  it('ends no copy that began anew before rows of the first one are gone that were deleted meanwhile', async () => {
    await sql("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i");
    let failures = 0;
    const open = async (): Promise<Destination> => {
      const destination = await setup().open();
      const copy = destination.copy.bind(destination);
      const failing = async (...given: Parameters<typeof copy>): Promise<TableCopy> => {
        const made = await copy(...given);
        const finish = async (): Promise<void> => {
          failures += 1;
          if (failures > 1) return await made.finish();
          await sql('DELETE FROM t WHERE id <= 40; UPDATE t SET id = id + 1000 WHERE id = 50');
          throw new Pg2anyError('DESTINATION_UNREACHABLE', 'gone');
        };
        const { lanes, since } = made;
        return {
          lanes,
          ...(since === undefined ? {} : { since }),
          write: (rows) => made.write(rows),
          finish,
          close: () => made.close(),
        };
      };
      return Object.assign(destination, { copy: failing });
    };
    // until now: what is deleted comes later than that
    await catchUp({ ...setup(), open });
    expect(failures).toBe(2);
    const found = await events(100 + 60 + 2 * 41 + 1);
    const left = new Set<string | null>();
    for (const { key, value } of found) value === null ? left.delete(key) : left.add(key);
    const rows = await sql('SELECT id FROM t');
    expect([...left].sort()).toEqual(rows.map(([id]) => `{"id":${id}}`).sort());
  });

  it('marks large values that an update left alone, and stops where nothing can stand for one', async () => {
    const arrays = ['i int[]', 'l bigint[]', 'd date[]', 'u uuid[]', 'x text[]', 'f bool[]'];
    const external = [...arrays, 't text'].map((one) => `ALTER ${one.split(' ')[0]} SET STORAGE EXTERNAL`);
    await sql(
      `CREATE TABLE big (id int PRIMARY KEY, n int, t text, ${arrays.join(', ')}); ALTER TABLE big ${external}`,
    );
    await catchUp(setup());
    await sql(`INSERT INTO big SELECT 1, 1, repeat('x', 9000), array_fill(1, s), array_fill(1::bigint, s),
      array_fill(current_date, s), array_fill(gen_random_uuid(), s), array_fill('x'::text, s) FROM (SELECT '{4000}'::int[] s) _`);
    await sql('UPDATE big SET n = 2');
    await catchUp(setup());
    const [, update] = await events(2, `${slot}.public.big`);
    const mark = '__debezium_unavailable_value';
    const bytes = [...Buffer.from(mark)];
    expect(JSON.parse(update?.value ?? '').after).toEqual({
      ...{ id: 1, n: 2, t: mark, i: bytes, l: bytes, d: bytes, x: [mark], f: null },
      u: ['b68a35a7-17ad-35b3-af2a-ae46edb4545a'],
    });
    await sql("UPDATE big SET f = array_fill(true, '{9000}')");
    await sql('UPDATE big SET n = 3');
    await expect(catchUp(setup())).rejects.toMatchObject({
      code: 'VALUE_UNAVAILABLE',
      message: expect.stringContaining("public.big (id = '1'): the server did not send f (boolean[])"),
    });
  });

  it('marks where source transactions end', async () => {
    const told = setup({ transactions: 'topic' });
    await catchUp(told);
    await sql("BEGIN; INSERT INTO t VALUES (1, 'a'); INSERT INTO t VALUES (2, 'b'); COMMIT");
    await sql("INSERT INTO t VALUES (3, 'c')");
    await catchUp(told);
    const places = (await events(3)).map(({ value, headers }) => [
      JSON.parse(value ?? '').after.id,
      headers['pg2any.ordinal'],
      headers['pg2any.last'],
    ]);
    expect(places.sort()).toEqual([
      [1, '1', 'false'],
      [2, '2', 'true'],
      [3, '1', 'true'],
    ]);
    const boundaries = await events(4, `${slot}.transaction`);
    expect(boundaries.map(({ value }) => JSON.parse(value ?? ''))).toMatchObject([
      ...[{ status: 'BEGIN' }, { status: 'END', event_count: 2 }],
      ...[{ status: 'BEGIN' }, { status: 'END', event_count: 1 }],
    ]);
  });

  it('routes an outbox, rows that are there before and messages included, once', async () => {
    await sql('CREATE TABLE outbox (id int PRIMARY KEY, aggregatetype text, aggregateid text, payload jsonb)');
    await sql(`INSERT INTO outbox VALUES (1, '${slot}', 'a', '{"n": 1}')`);
    const outbox = { ...DEFAULT_KAFKA.outbox, tables: ['public.outbox'], messages: 'outbox' };
    const routed = setup({ outbox });
    await catchUp(routed);
    const entry = `{"id":3,"aggregatetype":"${slot}","aggregateid":"a","payload":{"n":3}}`;
    await sql(`INSERT INTO outbox VALUES (2, '${slot}', 'a', '{"n": 2}')`);
    await sql(`UPDATE outbox SET aggregateid = 'b'; DELETE FROM outbox`);
    await sql(`SELECT pg_logical_emit_message(true, 'outbox', '${entry}')`);
    await sql(`INSERT INTO t VALUES (1, 'end')`);
    const run = startPipeline(routed);
    running.push(run);
    const found = await events(3, `outbox.event.${slot}`);
    expect(found.map(({ key, value, headers }) => [key, JSON.parse(value ?? ''), headers.id])).toEqual(
      [1, 2, 3].map((n) => ['a', { n }, String(n)]),
    );
    await run.saw('outbox.skipped');
  });

  it('follows columns that come and go', async () => {
    await sql("INSERT INTO t VALUES (1, 'a')");
    await start();
    await sql('ALTER TABLE t ADD w int DEFAULT 5');
    await sql("INSERT INTO t VALUES (2, 'b', 6)");
    await sql('ALTER TABLE t RENAME w TO x');
    await sql("INSERT INTO t VALUES (3, 'c', 7)");
    await running[0]?.stop();
    await catchUp(setup());
    const rows = (await events(3)).map(({ value }) => JSON.parse(value ?? '').after);
    expect(rows.sort((a, b) => a.id - b.id)).toEqual([
      { id: 1, v: 'a' },
      { id: 2, v: 'b', w: 6 },
      { id: 3, v: 'c', x: 7 },
    ]);
  });
}
