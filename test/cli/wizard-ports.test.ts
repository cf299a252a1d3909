import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { wizardPorts } from '../../src/cli/wizard-ports.ts';
import type { Finding } from '../../src/model/finding.ts';
import { type Answers, NO_ANSWERS } from '../../src/setup/answers.ts';
import { startKafka } from '../support/kafka.ts';
import { client } from '../support/kafka-reader.ts';
import { startMariadb } from '../support/mariadb.ts';
import { describeWith, freshDatabase, postgres } from '../support/services.ts';
import { mysqlRows, pgRows } from '../support/sql.ts';

const findingOf = async (answers: Answers, folder: string): Promise<Finding | undefined> =>
  (await wizardPorts(folder).ask.preflight(answers, '')).find(({ check }) => check === 'local_infile');

await describeWith(
  'a fix that preflight offers',
  () => postgres(18),
  () => {
    test('runs at the destination where the user may, and tells why where not', async () => {
      const source = await freshDatabase(await postgres(18));
      const mariadb = await startMariadb(['--local-infile=0']);
      const folder = mkdtempSync(join(tmpdir(), 'pg2any-fix-'));
      try {
        await pgRows(source.url, 'CREATE TABLE t (id int PRIMARY KEY)');
        await mysqlRows(mariadb.url, "CREATE DATABASE shop; CREATE USER small@'%' IDENTIFIED BY 'pw'");
        await mysqlRows(mariadb.url, "GRANT ALL ON shop.* TO small@'%'");
        const url = new URL('/shop', mariadb.url);
        const large: Answers = { ...NO_ANSWERS, source: source.url, destination: url.href };
        [url.username, url.password] = ['small', 'pw'];
        const small: Answers = { ...large, destination: url.href };
        const found = await findingOf(large, folder);
        expect(found).toMatchObject({ severity: 'warn', fix: { side: 'destination' } });
        const fixing = JSON.stringify({ side: 'destination', sql: found?.fix?.sql });
        const { fix } = wizardPorts(folder).ask;
        await expect(fix(small, fixing)).rejects.toMatchObject({ code: 'DESTINATION_PRIVILEGE' });
        expect(await findingOf(large, folder)).toMatchObject({ severity: 'warn' });
        expect(await fix(large, fixing)).toBeNull();
        expect(await findingOf(large, folder)).toMatchObject({ severity: 'ok' });
      } finally {
        await mariadb.stop();
        await source.drop();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);

await describeWith('sample rows for Kafka alone', startKafka, (kafka) => {
  afterAll(() => kafka.stop());

  test('are the events that they will become, and nothing is created for them', async () => {
    const source = await freshDatabase(await postgres(18));
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-sample-'));
    try {
      await pgRows(
        source.url,
        "CREATE TABLE t (id int PRIMARY KEY, day date, v text); INSERT INTO t VALUES (1, '1970-01-03', 'a')",
      );
      const answers: Answers = { ...NO_ANSWERS, source: source.url, destination: `${kafka.url}/shop` };
      expect(await wizardPorts(folder).ask.sample(answers, 'public.t')).toEqual({
        ...{ table: 'public.t', kind: 'topic', columns: ['topic', 'key', 'id', 'day', 'v'] },
        rows: [['shop.public.t', '{"id":1}', '1', '2', '"a"']],
      });
      const admin = client(kafka.broker).admin();
      await admin.connect();
      expect(await admin.listTopics()).toEqual([]);
      await admin.disconnect();
    } finally {
      await source.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
