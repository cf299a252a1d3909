import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { startMariadb } from '../../test/support/mariadb.ts';
import { mysqlRows } from '../../test/support/sql.ts';

export interface Servers {
  readonly source: string;
  readonly postgresVersion: string;
  readonly mariadbVersion: string;
  /** For files of the run; removed at the end. */
  readonly folder: string;
  /** An empty database; `upsert`: with LOAD DATA LOCAL switched off at the server. */
  freshMariadb(road: 'load' | 'upsert'): Promise<string>;
  freshSqlite(): string;
  stop(): Promise<void>;
}

/** Private servers for the run, with the buffers a small production server would have. */
export async function startServers(): Promise<Servers> {
  const postgres = await startEmbeddedPostgres({
    settings: { fsync: 'off', max_wal_size: '4GB', shared_buffers: '256MB' },
  });
  const mariadb = await startMariadb([
    '--innodb-buffer-pool-size=1G',
    '--innodb-log-file-size=512M',
    '--max-allowed-packet=64M',
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-bench-'));
  let count = 0;
  return {
    source: postgres.url,
    postgresVersion: String(postgres.version),
    mariadbVersion: mariadb.version.split('-')[0] ?? '',
    folder,
    async freshMariadb(road) {
      await mysqlRows(mariadb.url, `DROP DATABASE IF EXISTS run_${count}`);
      count += 1;
      await mysqlRows(
        mariadb.url,
        `CREATE DATABASE run_${count}; SET GLOBAL local_infile = ${road === 'load' ? 1 : 0}`,
      );
      const url = new URL(mariadb.url);
      url.pathname = `/run_${count}`;
      return url.href;
    },
    freshSqlite() {
      count += 1;
      return `sqlite:${join(folder, `run_${count}.db`)}`;
    },
    async stop() {
      await postgres.stop('immediate');
      await mariadb.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
