import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLsn } from '../../src/model/lsn.ts';
import { catchUp, type Running, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** Transactions at the source that stay open, or prepared, for long. */
describe('a transaction that stays open at the source', { timeout: 60_000 }, () => {
  const f = sourceFixture('open', { settings: { max_prepared_transactions: '5' } });
  let other: pg.Client;
  let running: Running | null = null;
  beforeEach(async () => {
    other = new pg.Client(f.server.url);
    await other.connect();
  });
  afterEach(async () => {
    await running?.stop().catch(() => undefined);
    running = null;
    await other.end();
  });
  const start = async () => {
    running = startPipeline(f.setup());
    await running.saw('streaming');
    return running;
  };
  const end = async () => parseLsn((await f.sql('SELECT pg_current_wal_lsn() AS at'))[0]?.at ?? '');
  /** Rows of others pass meanwhile, and are confirmed beyond `at`. */
  const confirmedBeyond = async (at: bigint) => {
    await f.sql("INSERT INTO t VALUES (7, 'meanwhile')");
    await until(() => f.memory.rows('public.t').length === 1, { what: 'the row of another transaction' });
    await until(async () => (await f.confirmed()) > at, { what: 'the confirmation' });
    expect(f.memory.rows('public.t')).toEqual([['7', 'meanwhile']]);
  };
  const arrivesOnce = async () => {
    await until(() => f.memory.rows('public.t').length === 2, { what: 'its row' });
    await running?.stop();
    expect(f.memory.applied).toHaveLength(2);
    await catchUp(f.setup());
    expect(f.memory.applied, 'nothing comes twice').toHaveLength(2);
  };

  it.each([
    ['while it streams', false],
    ['across a restart', true],
  ])('73: does not hold up what is confirmed, and loses no row that it wrote before: %s', async (_, restart) => {
    await start();
    await other.query("BEGIN; INSERT INTO t VALUES (1, 'open')");
    await confirmedBeyond(await end());
    if (restart) {
      await running?.stop();
      await start();
    }
    await other.query('COMMIT');
    await arrivesOnce();
  });

  it.each([
    ['while it streams', false],
    ['across a restart', true],
  ])(
    '74: a prepared one arrives with its COMMIT PREPARED, not before, and holds up nothing: %s',
    async (_, restart) => {
      await start();
      await other.query(`BEGIN; INSERT INTO t VALUES (1, 'prepared'); PREPARE TRANSACTION '${f.slot}'`);
      await confirmedBeyond(await end());
      if (restart) {
        await running?.stop();
        await start();
      }
      await other.query(`COMMIT PREPARED '${f.slot}'`);
      await arrivesOnce();
    },
  );

  it('74: nothing arrives of one that is rolled back', async () => {
    await start();
    await other.query(`BEGIN; INSERT INTO t VALUES (1, 'prepared'); PREPARE TRANSACTION '${f.slot}'`);
    await other.query(`ROLLBACK PREPARED '${f.slot}'`);
    await confirmedBeyond(await end());
  });

  it('74: one that is pending when the slot is made is named, with the statement that ends it', async () => {
    await other.query(`BEGIN; INSERT INTO t VALUES (1, 'prepared'); PREPARE TRANSACTION '${f.slot}''s'`);
    await expect(catchUp(f.setup({ stream: { slotTimeoutMs: 1000 } }))).rejects.toMatchObject({
      code: 'SLOT_CREATION_BLOCKED',
      message: expect.stringContaining(`${f.slot}'s`),
      hint: expect.stringContaining(`ROLLBACK PREPARED '${f.slot}''s'`),
    });
    await other.query(`COMMIT PREPARED '${f.slot}''s'`);
    await catchUp(f.setup());
    expect(f.memory.rows('public.t')).toEqual([['1', 'prepared']]);
  });
});
