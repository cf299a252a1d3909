import { expect, it } from 'vitest';
import { describeWith, privateMariadb, privateMysql } from './services.ts';
import { mysqlRows, mysqlValue } from './sql.ts';

for (const [name, start] of [
  ['MariaDB', privateMariadb],
  ['MySQL', privateMysql],
] as const) {
  await describeWith(`a private ${name}`, start, (server) => {
    it('keeps data and port over a pause and over kill -9, and takes further flags', async () => {
      await mysqlRows(server.url, 'CREATE DATABASE d; CREATE TABLE d.t (a int); INSERT INTO d.t VALUES (1)');
      await server.pause();
      await expect(mysqlRows(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.start();
      await mysqlRows(server.url, 'INSERT INTO d.t VALUES (2)');
      await server.kill();
      await server.start(['--local-infile=0']);
      expect(await mysqlRows(server.url, 'SELECT a FROM d.t ORDER BY a')).toEqual([['1'], ['2']]);
      expect(await mysqlValue(server.url, 'SELECT @@local_infile')).toBe('0');
      await server.stop();
    });
  });
}
