import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

/** What the source's configuration does not allow. */
describe('a source that refuses', { timeout: 60_000 }, () => {
  const f = sourceFixture('refusal');

  it('56: waits while all slots are taken, says what to raise, and goes on when one is free', async () => {
    const take = (count: number) => f.sql(`SELECT pg_create_physical_replication_slot('taken_${count}')`);
    for (let count = 0; ; count += 1) if (!(await take(count).catch(() => null))) break;
    try {
      const running = startPipeline(f.setup({ startupMs: 60_000 }));
      await running.saw('retry');
      const retry = running.events.find(({ event }) => event === 'retry');
      expect(retry).toMatchObject({ data: { code: 'SOURCE_BUSY' }, message: expect.stringContaining('[53400]') });
      await until(() => running.status()?.lastError?.hint.includes('max_replication_slots'), { what: 'what to raise' });
      await f.sql("SELECT pg_drop_replication_slot('taken_0')");
      await running.saw('streaming');
      await running.stop();
    } finally {
      await f.sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'taken%'");
    }
  });

  describe('by pg_hba.conf', () => {
    const path = () => join(f.server.dataDir, 'pg_hba.conf');
    let before = '';
    const rules = async (text: string) => {
      writeFileSync(path(), text);
      await pgRows(f.server.url, 'SELECT pg_reload_conf()');
    };
    afterEach(() => rules(before));

    it.each([
      ['rejects the role', (rest: string) => `host all stranger all reject\n${rest}`],
      ['has no entry for the role', () => 'host all postgres all scram-sha-256\n'],
    ])('57: one that %s is named at once, without trying again', async (_, change) => {
      await f.sql("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN SUPERUSER PASSWORD 'x'");
      before = readFileSync(path(), 'utf8');
      await rules(change(before));
      const running = startPipeline(f.setup({}, 'stranger:x'));
      await expect(running.done).rejects.toMatchObject({
        code: 'SOURCE_AUTH',
        exitCode: 4,
        message: expect.stringMatching(/pg_hba\.conf.*\[28000\]/),
        hint: expect.stringContaining('pg_hba.conf'),
      });
      expect(running.events.filter(({ event }) => event === 'retry')).toEqual([]);
    });

    it('57: one that changes while streaming ends the next attempt, and nothing is lost or repeated by it', async () => {
      await f.sql("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN SUPERUSER PASSWORD 'x'");
      before = readFileSync(path(), 'utf8');
      const running = startPipeline(f.setup({}, 'stranger:x'));
      await running.saw('streaming');
      await rules(`host all stranger all reject\n${before}`);
      await f.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'stranger'");
      await f.sql("INSERT INTO t VALUES (1, 'a')");
      await expect(running.done).rejects.toMatchObject({ code: 'SOURCE_AUTH' });
      await rules(before);
      const again = startPipeline(f.setup({ pipeline: { until: 'now' } }, 'stranger:x'));
      await again.done;
      expect(f.memory.rows('public.t')).toEqual([['1', 'a']]);
      expect(f.memory.applied).toHaveLength(1);
    });
  });
});
