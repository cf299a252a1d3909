import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { catchUp, type Running, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { pgRows, pgValue } from '../support/sql.ts';
import { startStandby } from '../support/standby.ts';
import { until } from '../support/wait.ts';

/** PostgreSQL 16 and later decode on a standby. In the order of its life: it is promoted at the end. */
describe('77: a standby as the source', { timeout: 90_000 }, () => {
  const f = sourceFixture('standby');
  let standby: EmbeddedPostgres;
  beforeAll(async () => {
    standby = await startStandby(f.server);
    await f.reconnect();
  }, 120_000);
  afterAll(() => standby.stop('immediate'));

  const setup = () => ({ ...f.setup({ stream: { slotTimeoutMs: 60_000 } }), source: standby.url });
  const replayed = async () => {
    const end = await pgValue(f.server.url, 'SELECT pg_current_wal_flush_lsn()');
    await until(async () => (await pgValue(standby.url, `SELECT pg_last_wal_replay_lsn() >= '${end}'`)) === 't', {
      what: 'the standby to have everything',
    });
  };
  /** What the standby waits for to make a slot, which a busy primary writes by itself. */
  const streams = async (running: Running) => {
    const seen = () => running.events.some(({ event }) => event === 'streaming');
    await until(
      async () => {
        await f.sql('SELECT pg_log_standby_snapshot()');
        return seen();
      },
      { everyMs: 200, what: 'the stream', timeoutMs: 30_000 },
    );
  };

  it('is refused where the publication does not exist on its primary', async () => {
    await replayed();
    const running = startPipeline(setup());
    await expect(running.done).rejects.toMatchObject({
      code: 'SOURCE_UNSUITABLE',
      message: expect.stringContaining('CREATE PUBLICATION'),
      hint: expect.stringContaining('pg2any check'),
    });
    expect(running.events.filter(({ event }) => event === 'retry')).toEqual([]);
  });

  it('is copied, streamed, and resumed without repeating a row', async () => {
    await f.sql(`INSERT INTO t VALUES (1, 'copied'); CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await replayed();
    const running = startPipeline(setup());
    await streams(running);
    await f.sql("INSERT INTO t VALUES (2, 'streamed')");
    await until(() => f.memory.applied.length === 1, { what: 'the row' });
    await running.stop();
    await f.sql("INSERT INTO t VALUES (3, 'resumed')");
    await replayed();
    await catchUp(setup());
    expect(f.memory.rows('public.t')).toHaveLength(3);
    expect(f.memory.applied).toHaveLength(2);
  });

  it('names its slot as lost, with the reason, when a conflict with its primary has taken it', async () => {
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await replayed();
    const running = startPipeline(setup());
    await streams(running);
    await f.server.restart('fast', { wal_level: 'replica' });
    await expect(running.done).rejects.toMatchObject({
      code: 'SLOT_LOST',
      exitCode: 6,
      message: expect.stringContaining('wal_level_insufficient'),
    });
    await f.server.restart('fast', { wal_level: 'logical' });
    await f.reconnect();
    await pgRows(standby.url, `SELECT pg_drop_replication_slot('${f.slot}')`);
  });

  it('goes on through its promotion, and repeats nothing', async () => {
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await replayed();
    const running = startPipeline(setup());
    await streams(running);
    await f.sql("INSERT INTO t VALUES (1, 'of the primary')");
    await until(() => f.memory.applied.length === 1, { what: 'a row of the primary' });
    await f.server.pause('fast');
    await pgRows(standby.url, 'SELECT pg_promote()');
    await pgRows(standby.url, "INSERT INTO t VALUES (2, 'of the promoted one')");
    await until(() => f.memory.applied.length === 2, { what: 'a row of the promoted one' });
    await running.stop();
    await catchUp(setup());
    expect(f.memory.rows('public.t')).toHaveLength(2);
    expect(f.memory.applied).toHaveLength(2);
    await f.server.start();
    await f.reconnect();
  });
});
