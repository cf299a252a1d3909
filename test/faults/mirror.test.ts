import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { drivers } from '../../src/destination/registry.ts';
import type { Destination, DestinationOptions } from '../../src/model/destination.ts';
import { DEFAULT_KAFKA } from '../../src/model/kafka.ts';
import { FanOut } from '../../src/pipeline/fan-out.ts';
import { startKafka } from '../support/kafka.ts';
import { readCommitted } from '../support/kafka-reader.ts';
import { catchUp, type Running, type Setup, startPipeline } from '../support/pipeline.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { mysqlRows, pgRows, pgValue } from '../support/sql.ts';
import { until } from '../support/wait.ts';

interface Envelope {
  readonly op: string;
  readonly after: { readonly id: number; readonly v: string } | null;
}

/** What the events of one topic add up to, as `id v`; each change once. */
async function replayed(broker: string, topic: string): Promise<{ rows: string[]; reads: number }> {
  const rows = new Map<string, string>();
  const seen = new Set<string>();
  let reads = 0;
  for (const { key, value, headers } of await readCommitted(broker, [topic])) {
    if (key === null || value === null) continue;
    const { op, after } = JSON.parse(value) as Envelope;
    const place = `${headers['pg2any.lsn']} ${headers['pg2any.ordinal'] ?? key}`;
    expect([place, seen.has(place)]).toEqual([place, false]);
    seen.add(place);
    if (op === 'r') reads += 1;
    if (after) rows.set(key, `${after.id} ${after.v}`);
    else rows.delete(key);
  }
  return { rows: [...rows.values()].sort(), reads };
}

await describeWith('a database and a mirror of which one is away', startKafka, (kafka) => {
  let source: FreshDatabase;
  let copy: FreshDatabase;
  let proxy: FaultProxy;
  let slot: string;
  let running: Running | null = null;
  const sql = (text: string) => pgRows(source.url, text);

  beforeAll(async () => {
    const server = await mariadb();
    copy = await freshDatabase(server);
    proxy = await startProxy('127.0.0.1', Number(new URL(server.url).port));
  });
  beforeEach(async () => {
    source = await freshDatabase(await postgres());
    slot = source.name;
    await sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'a' FROM generate_series(1, 50) i");
  });
  afterEach(async () => {
    proxy.accept();
    await running?.stop().catch(() => undefined);
    await source.drop();
    await mysqlRows(copy.url, 'DROP TABLE t');
  });
  afterAll(async () => {
    await proxy.close();
    await copy.drop();
    await kafka.stop();
  });

  async function open(type: string, url: string, more: Partial<DestinationOptions> = {}): Promise<Destination> {
    const driver = drivers.find((one) => one.type === type);
    if (!driver) throw new Error(`no driver ${type}`);
    const common = { autoCreateTables: true, connectTimeoutMs: 3000, queryTimeoutMs: 10_000 };
    return await driver.open({ url: new URL(url), ...common, ...more });
  }
  const settings = () => ({ ...DEFAULT_KAFKA, prefix: slot, replication: 1, partitions: 1 });
  const setup = (): Setup => ({
    source: source.url,
    slot,
    open: async () =>
      new FanOut(await open('mariadb', proxy.url(copy.url)), await open('kafka', kafka.url, { kafka: settings() })),
  });
  const start = async (): Promise<Running> => {
    running = startPipeline(setup());
    await running.saw('streaming');
    return running;
  };
  const there = async (): Promise<string[]> =>
    (await mysqlRows(copy.url, "SELECT CONCAT(id, ' ', v) FROM t")).map(([text]) => String(text)).sort();
  const here = async (): Promise<string[]> =>
    (await sql("SELECT id || ' ' || v FROM t")).map(([text]) => String(text)).sort();
  const events = () => replayed(kafka.broker, `${slot}.public.t`);
  /** Both hold what the source has. */
  const expectEqual = async (): Promise<void> => {
    const rows = await here();
    await until(async () => {
      expect(await there()).toEqual(rows);
      expect((await events()).rows).toEqual(rows);
      return true;
    });
  };
  /** Positions of the database and of the mirror, and whether the source was told of no more than the lower. */
  const positions = async (run: Running) => {
    const [database, mirror] = run.status()?.destinations ?? [];
    const confirmed = `SELECT confirmed_flush_lsn <= least('${database?.flushed}'::pg_lsn, '${mirror?.flushed}'::pg_lsn)
      FROM pg_replication_slots WHERE slot_name = '${slot}'`;
    return { database, mirror, held: await pgValue(source.url, confirmed) };
  };

  it('goes on at the other with what is in hand, confirms what both have, and both catch up', async () => {
    const run = await start();
    await sql("INSERT INTO t VALUES (51, 'b')");
    await expectEqual();

    await kafka.kill();
    await sql("UPDATE t SET v = 'c' WHERE id <= 10");
    await until(async () => (await there()).filter((row) => row.endsWith(' c')).length === 10);
    await until(() => run.status()?.destinations[1]?.failure);
    const down = await positions(run);
    expect(down).toMatchObject({ database: { failure: null }, held: 't' });
    expect(down.database?.flushed).not.toBe(down.mirror?.flushed);
    await sql("DELETE FROM t WHERE id = 20; INSERT INTO t VALUES (52, 'd')");
    await kafka.start();
    await until(() => run.status()?.destinations[1]?.failure === null, { timeoutMs: 60_000 });
    await expectEqual();

    proxy.freeze();
    await sql("UPDATE t SET v = 'e' WHERE id <= 5");
    await until(async () => (await events()).rows.filter((row) => row.endsWith(' e')).length === 5);
    proxy.refuse();
    proxy.reset();
    await until(() => run.status()?.destinations[0]?.failure);
    expect(await positions(run)).toMatchObject({ mirror: { failure: null }, held: 't' });
    await sql("UPDATE t SET v = 'f' WHERE id <= 3");
    proxy.thaw();
    proxy.accept();
    await expectEqual();
  }, 120_000);

  it('copies a table again at the database alone when the mirror is ahead and a column came meanwhile', async () => {
    const run = await start();
    await sql("INSERT INTO t VALUES (51, 'b')");
    await expectEqual();
    proxy.refuse();
    proxy.reset();
    for (const id of [52, 53, 54]) await sql(`INSERT INTO t VALUES (${id}, 'ahead')`);
    await until(async () => (await events()).rows.some((row) => row.endsWith(' ahead')));
    await run.stop();
    await sql('ALTER TABLE t ADD w float8 DEFAULT random()');
    await sql("DELETE FROM t WHERE id <= 10; UPDATE t SET v = 'g' WHERE id = 30");
    proxy.accept();
    await catchUp(setup());
    await expectEqual();
    expect((await events()).reads).toBe(50);
    const [values] = await mysqlRows(copy.url, 'SELECT COUNT(w), COUNT(*) FROM t');
    expect(values?.[0]).toEqual(values?.[1]);
  }, 120_000);

  it('copies the tables into a mirror that is added later, and the database keeps its own', async () => {
    const alone: Setup = { ...setup(), open: () => open('mariadb', proxy.url(copy.url)) };
    await catchUp(alone);
    for (const id of [61, 62]) await sql(`INSERT INTO t VALUES (${id}, 'b'); DELETE FROM t WHERE id = ${id - 60}`);
    await catchUp(setup());
    await sql("UPDATE t SET v = 'h' WHERE id = 61");
    await catchUp(setup());
    await expectEqual();
    expect((await events()).reads).toBe(50);
    // switched off while the pipeline goes on, and on again
    await catchUp(alone);
    await sql("UPDATE t SET v = 'i' WHERE id = 62");
    await catchUp(alone);
    await expect(catchUp(setup())).rejects.toMatchObject({
      code: 'SLOT_AHEAD',
      message: expect.stringContaining('the mirror stands at'),
      hint: expect.stringContaining('kafka.checkpointTopic'),
    });
  }, 60_000);
});
