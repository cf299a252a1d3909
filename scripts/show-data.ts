/** `make show-data`: rows per table at the source (CDC_SOURCE_URL) and at the destination (CDC_DEST_URL). */
import Database from 'libsql';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import { Tsql } from '../test/support/tsql.ts';

type Counts = ReadonlyMap<string, number>;

const SOURCE = process.env.CDC_SOURCE_URL || 'postgres://postgres:postgres@localhost:5432/shop';
const DESTINATION = process.env.CDC_DEST_URL || 'mysql://root:mysql@localhost:3306/shop';

async function postgresCounts(url: string): Promise<Counts> {
  const client = new pg.Client({ connectionString: url, application_name: 'pg2any show-data' });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; id: string }>(
      `SELECT c.relname AS name, c.oid::regclass AS id FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
    );
    const counts = new Map<string, number>();
    for (const { name, id } of rows) {
      const counted = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${id}`);
      counts.set(name, Number(counted.rows[0]?.n));
    }
    return counts;
  } finally {
    await client.end();
  }
}

async function mysqlCounts(url: string): Promise<Counts> {
  const connection = await createConnection(url);
  try {
    const [tables] = await connection.query<RowDataPacket[]>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() ORDER BY 1`,
    );
    const counts = new Map<string, number>();
    for (const { name } of tables) {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT count(*) AS n FROM ??', [name]);
      counts.set(String(name), Number(rows[0]?.n));
    }
    return counts;
  } finally {
    await connection.end();
  }
}

async function sqliteCounts(url: string): Promise<Counts> {
  const database = new Database(url.replace(/^sqlite:(\/\/)?/, ''), { readonly: true });
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1`).all();
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const count = (name: string) => database.prepare(`SELECT count(*) AS n FROM ${quoted(name)}`).get();
    const names = (tables as { name: string }[]).map((table) => table.name);
    return new Map(names.map((name) => [name, Number((count(name) as { n: number }).n)]));
  } finally {
    database.close();
  }
}

async function sqlServerCounts(url: string): Promise<Counts> {
  const way = await Tsql.open(url);
  try {
    const tables = await way.query('SELECT name FROM sys.tables ORDER BY name');
    const counts = new Map<string, number>();
    for (const [name] of tables) {
      const [[n] = []] = await way.query(`SELECT COUNT_BIG(*) FROM [${name?.replaceAll(']', ']]')}]`);
      counts.set(name ?? '', Number(n));
    }
    return counts;
  } finally {
    way.close();
  }
}

function destinationCounts(url: string): Promise<Counts> {
  if (url.startsWith('sqlite:')) return sqliteCounts(url);
  return /^(sqlserver|mssql):/.test(url) ? sqlServerCounts(url) : mysqlCounts(url);
}

function print(source: Counts, destination: Counts): void {
  const names = [...new Set([...source.keys(), ...destination.keys()])];
  const width = Math.max(5, ...names.map((name) => name.length));
  const figure = (count: number | undefined) => (count?.toLocaleString('en-US') ?? '-').padStart(14);
  console.log(`${'table'.padEnd(width)}${'source'.padStart(14)}${'destination'.padStart(14)}`);
  for (const name of names) {
    console.log(name.padEnd(width) + figure(source.get(name)) + figure(destination.get(name)));
  }
}

async function main(): Promise<void> {
  print(...(await Promise.all([postgresCounts(SOURCE), destinationCounts(DESTINATION)])));
}

main().catch((error: Error & { code?: string }) => {
  console.error(`show-data: ${error.message || error.code}`);
  process.exitCode = 1;
});
