import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { relation } from '../../support/relations.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, mysql } from '../../support/services.ts';
import { mysqlRows } from '../../support/sql.ts';
import { engineOf } from './database.ts';

const people = relation('people', ['id int8', 'name text'], ['id']);

for (const [name, server] of [
  ['mariadb', mariadb],
  ['mysql', mysql],
] as const) {
  await describeWith(name, server, (shared) => {
    let database: FreshDatabase;
    const user = `limited_${process.pid}`;

    beforeAll(async () => {
      database = await freshDatabase(shared);
      await mysqlRows(shared.url, `CREATE USER ${user}@'%' IDENTIFIED BY 'pass word'`);
      await mysqlRows(shared.url, `GRANT SELECT, INSERT, UPDATE, DELETE ON ${database.name}.* TO ${user}@'%'`);
    });

    afterAll(async () => {
      await mysqlRows(shared.url, `DROP USER ${user}@'%'`);
      await database.drop();
    });

    async function inspect(url: string): Promise<readonly Finding[]> {
      const engine = engineOf(url);
      await engine.connect();
      const session = await engine.open();
      try {
        return await engine.inspect(session, [people]);
      } finally {
        await session.close();
      }
    }

    it('names the privileges that are missing, with the statement that mends it', async () => {
      const url = new URL(database.url);
      url.username = user;
      url.password = 'pass word';
      const blocking = async () => (await inspect(url.href)).filter(({ severity }) => severity === 'block');
      const [found, ...more] = await blocking();
      expect(more).toEqual([]);
      expect(found).toMatchObject({
        check: 'destination_privileges',
        message: `the destination user lacks CREATE, ALTER, DROP on database ${database.name}`,
      });
      for (const sql of found?.fix?.sql ?? []) await mysqlRows(shared.url, sql);
      expect(await blocking()).toEqual([]);
    });

    it('warns where a power cut may lose what was confirmed', async () => {
      const durability = async () => (await inspect(database.url)).find(({ check }) => check === 'durability');
      const [before] = await mysqlRows(shared.url, 'SELECT @@innodb_flush_log_at_trx_commit AS flush');
      try {
        await mysqlRows(shared.url, 'SET GLOBAL innodb_flush_log_at_trx_commit = 2');
        const found = await durability();
        expect(found).toMatchObject({
          severity: 'warn',
          message: expect.stringContaining('innodb_flush_log_at_trx_commit = 2'),
        });
        for (const sql of found?.fix?.sql ?? []) await mysqlRows(shared.url, sql);
        expect(await durability()).toMatchObject({ severity: 'ok' });
      } finally {
        const value = Object.values(before ?? {})[0];
        await mysqlRows(shared.url, `SET GLOBAL innodb_flush_log_at_trx_commit = ${value}`);
      }
    });
  });
}
