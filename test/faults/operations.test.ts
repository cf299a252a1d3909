import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { type Headless, headless } from '../support/headless.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { describeWith, freshDatabase, privateMariadb, privatePostgres } from '../support/services.ts';
import { mysqlRows, pgRows, pgValue } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const codesOf = (run: Headless, event: string, since: number) =>
  new Set(run.lines(event, since).map(({ code }) => code));

await describeWith('a replicator that nobody watches', privateMariadb, (destination) => {
  let source: EmbeddedPostgres;
  let toSource: FaultProxy;
  let toDestination: FaultProxy;
  let place: { url: string; drop(): Promise<void> };
  let runs: Headless[] = [];
  let count = 0;

  beforeAll(async () => {
    source = await privatePostgres();
    toSource = await startProxy('127.0.0.1', source.port);
    toDestination = await startProxy('127.0.0.1', Number(new URL(destination.url).port));
  }, 120_000);
  afterAll(async () => {
    await toSource.close();
    await toDestination.close();
    await source.stop('immediate');
    await destination.stop();
  });
  beforeEach(async () => {
    count += 1;
    place = await freshDatabase(destination);
    await pgRows(
      source.url,
      'DROP TABLE IF EXISTS k; CREATE TABLE k (n int, v text); ALTER TABLE k REPLICA IDENTITY FULL',
    );
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) await run.end('SIGKILL');
    runs = [];
    toSource.thaw();
    await place.drop();
  });

  const start = async (more: Record<string, string> = {}): Promise<Headless> => {
    const run = await headless({
      CDC_SOURCE_URL: toSource.url(source.url),
      CDC_DEST_URL: toDestination.url(place.url),
      CDC_REPLICATION_SLOT: `ops_${count}`,
      CDC_PUBLICATION: `ops_${count}`,
      CDC_TABLES: 'public.k',
      CDC_SCHEMA_MAPPING: `public:${new URL(place.url).pathname.slice(1)}`,
      CDC_CONNECTION_TIMEOUT: '2s',
      CDC_QUERY_TIMEOUT: '2s',
      CDC_HEARTBEAT_INTERVAL: '500ms',
      CDC_SENDER_TIMEOUT: '2s',
      ...more,
    });
    runs.push(run);
    return run;
  };
  let written = 0;
  /** The table has no key: what is applied twice is there twice. */
  const write = async (rows: number) => {
    await pgRows(source.url, `INSERT INTO k SELECT i, 'v' FROM generate_series(${written + 1}, ${written + rows}) i`);
    written += rows;
  };
  const arrived = async () => {
    const total = Number(await pgValue(source.url, 'SELECT count(*) FROM k'));
    await until(async () => Number((await mysqlRows(place.url, 'SELECT COUNT(*) FROM k'))[0]?.[0]) >= total, {
      what: `${total} rows`,
    });
    const [[rows, distinct] = []] = await mysqlRows(place.url, 'SELECT COUNT(*), COUNT(DISTINCT n) FROM k');
    expect([Number(rows), Number(distinct)], 'nothing lost or repeated').toEqual([total, total]);
  };

  it('says by probes, metrics and log what is gone, while destination, source and network are taken away in turn', async () => {
    const run = await start();
    await run.becomes('/readyz', 200);
    expect(await run.metric('pg2any_ready')).toBe(1);
    await write(10);
    await arrived();
    expect(await run.metric('pg2any_rows_total{table="public.k",kind="insert"}')).toBe(10);
    expect(await run.metric('pg2any_apply_seconds_count')).toBeGreaterThan(0);

    const takenAway = async (
      code: string,
      event: string,
      back: string,
      since: number,
      restore: () => Promise<unknown>,
    ) => {
      const why = await run.becomes('/readyz', 503);
      expect(String(why.reasons)).toContain(code);
      await until(() => codesOf(run, event, since).has(code), { what: `${event} with ${code}` });
      expect((await run.get('/healthz')).code, 'a restart would not help').toBe(200);
      expect(await run.metric('pg2any_ready')).toBe(0);
      expect(await run.metric(`pg2any_retries_total{code="${code}"}`)).toBeGreaterThan(0);
      expect(await run.metric(`pg2any_failures_total{code="${code}"}`)).toBeGreaterThan(0);
      await restore();
      await run.becomes('/readyz', 200);
      await until(() => run.lines(back, since).length, { what: back });
      await write(10);
      await arrived();
    };

    let since = run.log.length;
    // Nothing is written meanwhile: it is noticed all the same.
    await destination.kill();
    await takenAway('DESTINATION_UNREACHABLE', 'destination.retry', 'destination.back', since, () =>
      destination.start(),
    );

    since = run.log.length;
    await source.kill();
    await takenAway('SOURCE_UNREACHABLE', 'retry', 'resumed', since, () => source.start());

    since = run.log.length;
    toSource.freeze();
    await takenAway('SOURCE_UNREACHABLE', 'retry', 'resumed', since, async () => toSource.thaw());

    since = run.log.length;
    toDestination.freeze();
    await write(10);
    await takenAway('DESTINATION_UNREACHABLE', 'destination.retry', 'destination.back', since, async () =>
      toDestination.thaw(),
    );

    const { code, body } = await run.get('/status');
    expect(code).toBe(200);
    expect(body).toMatchObject({ slot: `ops_${count}`, problem: null, process: { pid: run.child.pid } });
    expect(await run.end('SIGTERM')).toEqual([0, null]);
    expect(run.log.at(-1)).toMatchObject({ event: 'stopped', level: 'info', changes: expect.any(Number) });
    for (const line of run.log) expect(line).toMatchObject({ slot: `ops_${count}`, pid: run.child.pid });
  }, 120_000);

  describe('a standby', () => {
    it('waits, says so, and takes over within 5 s of a kill -9 with nothing lost or repeated', async () => {
      const first = await start();
      await first.becomes('/readyz', 200);
      const second = await start();
      const waiting = await second.becomes('/readyz', 503);
      await until(async () => (await second.metric('pg2any_standby')) === 1, { what: 'the standby' });
      expect(waiting).toMatchObject({ ok: false });
      const probed = await second.becomes('/readyz?standby=ok', 200);
      expect(probed).toMatchObject({ standby: true, reasons: ['standby: another process has the slot'] });
      // Long enough for the pauses between its looks to have grown.
      await until(async () => Number(await second.metric('pg2any_retries_total{code="SLOT_IN_USE"}')) >= 6, {
        timeoutMs: 30_000,
        what: 'six looks',
      });
      expect(second.lines('retry'), 'told once').toHaveLength(1);
      await write(500);
      const killed = performance.now();
      await first.end('SIGKILL');
      await write(500);
      await second.becomes('/readyz', 200);
      expect(performance.now() - killed).toBeLessThan(5000);
      await arrived();
      expect(await second.metric('pg2any_standby')).toBe(0);
    }, 90_000);
  });
});
