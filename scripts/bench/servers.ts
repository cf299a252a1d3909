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

const POOL_MB = 1024;

/**
 * Each page of the buffer pool is used once, as in a server that has run for a while. The first use of memory costs as
 * much as loading a row into it, which would be counted as the price of the first rounds.
 */
async function warm(url: string): Promise<void> {
  // a page takes two such rows
  const rows = POOL_MB * 128;
  await mysqlRows(url, 'CREATE DATABASE warm; CREATE TABLE warm.page (id INT PRIMARY KEY, filler VARBINARY(7000))');
  await mysqlRows(url, `INSERT INTO warm.page SELECT seq, REPEAT('x', 7000) FROM warm.seq_1_to_${rows}`);
  await mysqlRows(url, 'DROP DATABASE warm');
}

/** Private servers for the run, with the buffers a small production server would have. */
export async function startServers(): Promise<Servers> {
  const postgres = await startEmbeddedPostgres({
    settings: { fsync: 'off', max_wal_size: '4GB', shared_buffers: '256MB' },
  });
  const mariadb = await startMariadb([
    `--innodb-buffer-pool-size=${POOL_MB}M`,
    '--innodb-log-file-size=512M',
    '--max-allowed-packet=64M',
  ]);
  await warm(mariadb.url);
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
