import { expect, test } from 'vitest';
import { MemoryServer } from '../support/memory-destination.ts';
import { startPipeline } from '../support/pipeline.ts';
import { describeWith, freshDatabase, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

await describeWith(
  'lag',
  () => postgres(18),
  (server) => {
    test('is none once everything that arrived is applied, however old the last commit is', async () => {
      const database = await freshDatabase(server);
      await pgRows(database.url, 'CREATE TABLE t (id int PRIMARY KEY)');
      const memory = new MemoryServer();
      const pipeline = startPipeline({
        source: database.url,
        open: () => memory.open(),
        slot: database.name,
        stream: { heartbeatMs: 100 },
      });
      try {
        await pipeline.saw('streaming');
        await pgRows(database.url, 'INSERT INTO t VALUES (1)');
        await until(() => pipeline.status()?.totals.inserts === 1);
        for (let i = 0; i < 3; i++) {
          await pgRows(database.url, 'SELECT txid_current()');
          const position = pipeline.status()?.lsn.received;
          await until(() => pipeline.status()?.lsn.received !== position, { what: 'a keepalive' });
          await until(() => pipeline.status()?.lag.idle, { what: 'an idle stream', timeoutMs: 5000 });
          expect(pipeline.status()?.lag.seconds).toBe(0);
        }
      } finally {
        await pipeline.stop();
        await database.drop();
      }
    });
  },
);
