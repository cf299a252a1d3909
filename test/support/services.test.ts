import { expect, it } from 'vitest';
import { describeWith, freshDatabase, mariadb, mysql, postgres } from './services.ts';
import { mysqlRows, mysqlValue, pgRows, pgValue } from './sql.ts';

await describeWith('a shared PostgreSQL', postgres, (server) => {
  it('replicates logically', async () => {
    expect(await pgValue(server.url, 'SHOW wal_level')).toBe('logical');
  });

  it('gives a fresh database that goes away with its slots', async () => {
    const fresh = await freshDatabase(server);
    await pgRows(fresh.url, `SELECT pg_create_logical_replication_slot('${fresh.name}', 'pgoutput')`);
    await fresh.drop();
    expect(await pgRows(server.url, `SELECT 1 FROM pg_database WHERE datname = '${fresh.name}'`)).toEqual([]);
    expect(await pgRows(server.url, `SELECT 1 FROM pg_replication_slots WHERE slot_name = '${fresh.name}'`)).toEqual(
      [],
    );
  });

  it('gives values as its own text', async () => {
    expect(await pgRows(server.url, `SELECT 1.50, NULL, true, '{a,b}'::text[]`)).toEqual([
      ['1.50', null, 't', '{a,b}'],
    ]);
  });
});

for (const [name, start] of [
  ['MariaDB', mariadb],
  ['MySQL', mysql],
] as const) {
  await describeWith(`a shared ${name}`, start, (server) => {
    it('is the product it says it is', () => {
      expect(/mariadb/i.test(server.version)).toBe(name === 'MariaDB');
    });

    it('accepts LOAD DATA LOCAL', async () => {
      expect(await mysqlValue(server.url, 'SELECT @@local_infile')).toBe('1');
    });

    it('gives a fresh database, and the rows of the last statement as text', async () => {
      const fresh = await freshDatabase(server);
      const rows = await mysqlRows(
        fresh.url,
        `CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, NULL); SELECT * FROM t`,
      );
      expect(rows).toEqual([['1', null]]);
      expect(await mysqlRows(fresh.url, 'SELECT * FROM t')).toEqual([['1', null]]);
      await fresh.drop();
      expect(await mysqlRows(server.url, `SHOW DATABASES LIKE '${fresh.name}'`)).toEqual([]);
    });
  });
}
