import { Connection, Request, TYPES } from 'tedious';
import { freshSqlServerDatabase } from '../../test/support/sqlserver.ts';
import { type Line, median } from './ratio.ts';
import { measure, perSecond } from './runs.ts';
import type { Servers } from './servers.ts';
import { Workload } from './workload.ts';

/** Rows per load: as many as a batch of the product has. */
const LOAD = 10_000;

const TABLE = `CREATE TABLE item (id bigint PRIMARY KEY, qty int NULL, name nvarchar(max) NULL, price decimal(12,2) NULL,
  stamp datetimeoffset(6) NULL, active bit NULL, attributes nvarchar(max) NULL, token uniqueidentifier NULL);
CREATE TABLE #stage (c1 bigint, c2 int, c3 nvarchar(max), c4 nvarchar(15), c5 nvarchar(40), c6 bit, c7 nvarchar(max), c8 uniqueidentifier)`;
const APPLY = `INSERT INTO item SELECT c1, c2, c3, CAST(c4 AS decimal(12,2)), CAST(c5 AS datetimeoffset(6)), c6, c7, c8 FROM #stage; TRUNCATE TABLE #stage`;

const ask = (connection: Connection, sql: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.execSqlBatch(new Request(sql, (error) => (error ? reject(error) : resolve())));
  });

function load(connection: Connection, rows: readonly unknown[][]): Promise<void> {
  return new Promise((resolve, reject) => {
    const bulk = connection.newBulkLoad('#stage', {}, (error) => (error ? reject(error) : resolve()));
    const max = { nullable: true, length: Number.POSITIVE_INFINITY };
    bulk.addColumn('c1', TYPES.BigInt, { nullable: true });
    bulk.addColumn('c2', TYPES.Int, { nullable: true });
    bulk.addColumn('c3', TYPES.NVarChar, max);
    bulk.addColumn('c4', TYPES.NVarChar, { nullable: true, length: 15 });
    bulk.addColumn('c5', TYPES.NVarChar, { nullable: true, length: 40 });
    bulk.addColumn('c6', TYPES.Bit, { nullable: true });
    bulk.addColumn('c7', TYPES.NVarChar, max);
    bulk.addColumn('c8', TYPES.UniqueIdentifier, { nullable: true });
    connection.execBulkLoad(bulk, rows as unknown[][]);
  });
}

/** The driver alone, on the road that the product takes: a bulk load, then one INSERT, again and again. */
async function driverAlone(target: string, rows: readonly unknown[][]): Promise<number> {
  const url = new URL(target);
  const connection = new Connection({
    server: url.hostname,
    authentication: {
      type: 'default',
      options: { userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    },
    options: {
      port: Number(url.port || 1433),
      database: url.pathname.slice(1),
      encrypt: url.searchParams.get('encrypt') !== 'false',
      trustServerCertificate: true,
      packetSize: 32_767,
      requestTimeout: 120_000,
    },
  });
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  await ask(connection, TABLE);
  const started = performance.now();
  for (let at = 0; at < rows.length; at += LOAD) {
    await ask(connection, 'BEGIN TRANSACTION');
    await load(connection, rows.slice(at, at + LOAD));
    await ask(connection, `${APPLY}; COMMIT`);
  }
  const seconds = (performance.now() - started) / 1000;
  connection.close();
  return rows.length / seconds;
}

const toRow = (line: string): unknown[] => {
  const [id = '', qty, name, price, stamp, active, attributes, token] = line.split('\t');
  return [BigInt(id), Number(qty), name, price, `${stamp} +00:00`, active === '1', attributes, token];
};

const k = (value: number): string => `${Math.round(value / 1000)}k/s`;

/** Inserts from a slot, and the initial copy, against the driver alone; nothing where no server is named. */
export async function sqlServerLines(servers: Servers, events: number, rounds: number): Promise<Line[]> {
  const server = process.env.CDC_TEST_SQLSERVER_URL;
  if (!server) return [];
  process.stderr.write('SQL Server\n');
  const work = await Workload.connect(servers.source);
  const from = await work.reset();
  await work.inserts(events);
  const until = await work.position();
  const rows = (await work.exportForLoad()).trimEnd().split('\n').map(toRow);
  const found: { stream: number; copy: number; alone: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${rounds}\n`);
    const into = async <T>(act: (url: string) => Promise<T>): Promise<T> => {
      const database = await freshSqlServerDatabase({ url: server });
      try {
        return await act(database.url);
      } finally {
        await database.drop();
      }
    };
    const job = { source: servers.source, slot: 'run' };
    await work.slot('run');
    const stream = await into((destination) => measure({ ...job, mode: 'replicate', destination, from, until }));
    await work.drop('run');
    const copy = await into((destination) =>
      measure({ ...job, slot: 'copy_run', mode: 'copy', destination, from: '0/0', until: null }),
    );
    await work.drop('copy_run');
    found.push({
      stream: perSecond(stream),
      copy: perSecond(copy),
      alone: await into((url) => driverAlone(url, rows)),
    });
  }
  await work.close();
  const line = (what: string, of: 'stream' | 'copy'): Line => ({
    what,
    value: median(found.map((one) => one[of] / one.alone)),
    unit: 'ratio',
    target: 0.6,
    atLeast: true,
    detail: `${k(median(found.map((one) => one[of])))} ÷ ${k(median(found.map(({ alone }) => alone)))}`,
  });
  return [
    line('SQL Server, inserts ÷ the driver alone', 'stream'),
    line('SQL Server, initial copy ÷ the driver alone', 'copy'),
  ];
}
