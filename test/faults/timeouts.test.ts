import { describe, expect, it } from 'vitest';
import { catchUp, type Running, type Setup, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { pgValue } from '../support/sql.ts';
import { until } from '../support/wait.ts';

/** Timeouts that a role or the server sets, all of them shorter than what we need. */
describe('timeouts of the source', { timeout: 60_000 }, () => {
  const f = sourceFixture('timeouts');
  const retries = (run: Running) => run.events.filter((event) => event.event === 'retry');
  /** As a role of that name with these settings. */
  const as = async (name: string, settings: readonly string[], more: Partial<Setup> = {}) => {
    await f.sql(`DROP ROLE IF EXISTS ${name}; CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD 'x'`);
    for (const setting of settings) await f.sql(`ALTER ROLE ${name} SET ${setting}`);
    return startPipeline(f.setup(more, `${name}:x`));
  };
  /** A connection of that role has been like this for a second: longer than any of the timeouts. */
  const oneSecond = (name: string, state: string) =>
    until(
      () =>
        pgValue(
          f.server.url,
          `SELECT 1 FROM pg_stat_activity WHERE usename = '${name}' AND ${state} AND state_change < clock_timestamp() - interval '1 s'`,
        ),
      { what: `a connection with ${state} for a second` },
    );
  /** The destination takes no row of a copy before that. */
  const copiesWait = (moment: () => Promise<unknown>) => {
    let passed: Promise<unknown> | null = null;
    f.memory.fault = async (point) => {
      if (point !== 'copy') return;
      passed ??= moment();
      await passed;
    };
  };
  const write = async (id: number) => {
    await f.sql(`INSERT INTO t VALUES (${id}, 'a')`);
    await until(() => f.memory.applied.length === id, { what: `row ${id}` });
  };

  it('61: a copy outlasts a statement_timeout of the role', async () => {
    // More than the buffers in between hold: the COPY goes on for as long as the destination takes nothing.
    await f.sql('INSERT INTO t SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 30000) i');
    copiesWait(() => oneSecond('hasty', "query LIKE 'COPY%' AND state = 'active'"));
    const limits = { rows: 1000, bytes: 1 << 20 };
    const running = await as('hasty', ["statement_timeout = '400ms'"], { pipeline: { limits } });
    await running.saw('streaming');
    await running.stop();
    expect(retries(running)).toEqual([]);
    expect(f.memory.rows('public.t')).toHaveLength(30_000);
  });

  it('61: the stream outlasts the limit of our own queries', async () => {
    const running = await as('patient', [], { connect: { queryTimeoutMs: 400 } });
    await running.saw('streaming');
    await write(1);
    const old = `SELECT 1 FROM pg_stat_replication WHERE usename = 'patient' AND backend_start < clock_timestamp() - interval '2 s'`;
    await until(() => pgValue(f.server.url, old), { what: 'a stream of two seconds' });
    await write(2);
    await running.stop();
    expect(retries(running)).toEqual([]);
  });

  it('51: a copy outlasts an idle_in_transaction_session_timeout: its snapshot waits for the next table', async () => {
    await f.sql('DROP TABLE IF EXISTS a, b; CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)');
    await f.sql("INSERT INTO t VALUES (1, 'a'); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)");
    copiesWait(() => oneSecond('forgetful', "state = 'idle in transaction' AND query LIKE 'COPY%'"));
    const running = await as('forgetful', ["idle_in_transaction_session_timeout = '400ms'"]);
    await running.saw('streaming');
    await running.stop();
    expect(retries(running)).toEqual([]);
    for (const table of ['public.t', 'public.a', 'public.b']) expect(f.memory.rows(table), table).toHaveLength(1);
    await f.sql('DROP TABLE a, b');
  });

  it('51: an idle stream outlasts an idle_session_timeout, also where the catalog is asked after it', async () => {
    const running = await as('sleepy', ["idle_session_timeout = '400ms'"]);
    await running.saw('streaming');
    // What the slot costs is asked every 2 s, between which the connection is idle.
    await oneSecond('sleepy', "state = 'idle' AND backend_type = 'client backend'");
    await f.sql('ALTER TABLE t ADD n int');
    await write(1);
    await running.stop();
    expect(retries(running)).toEqual([]);
  });

  it('51: a slot that idled for longer than the server allows is named as lost, with the reason', async () => {
    await catchUp(f.setup());
    await f.sql("ALTER SYSTEM SET idle_replication_slot_timeout = '1s'");
    await f.sql('SELECT pg_reload_conf()');
    const why = `SELECT invalidation_reason FROM pg_replication_slots WHERE slot_name = '${f.slot}'`;
    const invalidated = async () => {
      await f.sql('CHECKPOINT');
      return (await f.sql(why))[0]?.invalidation_reason === 'idle_timeout';
    };
    try {
      await until(invalidated, { everyMs: 250, what: 'the checkpoint that takes the slot' });
    } finally {
      await f.sql('ALTER SYSTEM RESET idle_replication_slot_timeout');
      await f.sql('SELECT pg_reload_conf()');
    }
    const refused = expect.objectContaining({ code: 'SLOT_LOST', message: expect.stringContaining('idle_timeout') });
    await expect(catchUp(f.setup())).rejects.toEqual(refused);
  });
});
