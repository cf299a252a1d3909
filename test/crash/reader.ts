import { existsSync } from 'node:fs';
import Database from 'libsql';
import mysql from 'mysql2/promise';
import { BANK_TABLES } from '../support/bank.ts';
import { Tsql } from '../support/tsql.ts';

/** Reads a destination without the product: its own driver, its own SQL. */
export interface Reader {
  /** account + vault, in one transaction; null while the tables are not there. */
  total(): Promise<string | null>;
  /** Every row of every table, as the source's `bankAtSource` writes them. */
  everything(): Promise<Record<string, string[]>>;
  close(): Promise<void>;
}

const TOTAL = (cast: string) =>
  `SELECT ${cast} FROM (SELECT balance FROM account UNION ALL SELECT balance FROM vault) b`;

const sorted = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => JSON.stringify(row.map((cell) => (cell === null ? null : String(cell))))).sort();

export async function mysqlReader(url: string): Promise<Reader> {
  const connection = await mysql.createConnection({
    uri: url,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    charset: 'utf8mb4',
  });
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  const cell = (column: string): string =>
    column === 'open' ? `CAST(\`open\` AS CHAR)` : `CAST(\`${column}\` AS CHAR)`;
  return {
    async total() {
      try {
        const [rows] = await connection.query({ sql: TOTAL('CAST(SUM(balance) AS CHAR) AS total'), rowsAsArray: true });
        return (rows as (string | null)[][])[0]?.[0] ?? null;
      } catch (error) {
        if ((error as { errno?: number }).errno === 1146) return null;
        throw error;
      }
    },
    async everything() {
      const result: Record<string, string[]> = {};
      for (const [table, columns] of Object.entries(BANK_TABLES)) {
        const [rows] = await connection.query({
          sql: `SELECT ${columns.map(cell).join(', ')} FROM \`${table}\``,
          rowsAsArray: true,
        });
        result[table] = sorted(rows as unknown[][]);
      }
      return result;
    },
    close: () => connection.end(),
  };
}

export async function sqlServerReader(url: string): Promise<Reader> {
  const way = await Tsql.open(url);
  const cell = (column: string): string =>
    column === 'changed' || column === 'at'
      ? `CONVERT(nvarchar(26), CAST([${column}] AS datetime2(6)), 121)`
      : `CAST([${column}] AS nvarchar(max))`;
  // some servers leave out zeros at the end of a second
  const moment = (column: string, text: string | null): string | null => {
    if (text === null || (column !== 'changed' && column !== 'at')) return text;
    const [second = '', fraction = ''] = text.split('.');
    return `${second}.${fraction.padEnd(6, '0')}`;
  };
  return {
    async total() {
      try {
        return (await way.query(TOTAL('CAST(SUM(balance) AS nvarchar(40))')))[0]?.[0] ?? null;
      } catch (error) {
        if (/does not exist|invalid object name/i.test(String(error))) return null;
        throw error;
      }
    },
    async everything() {
      const result: Record<string, string[]> = {};
      for (const [table, columns] of Object.entries(BANK_TABLES)) {
        const rows = await way.query(`SELECT ${columns.map(cell).join(', ')} FROM [${table}]`);
        result[table] = sorted(rows.map((row) => row.map((text, i) => moment(columns[i] ?? '', text))));
      }
      return result;
    },
    close: async () => way.close(),
  };
}

export function sqliteReader(file: string): Reader {
  const open = () => new Database(file, { readonly: false });
  // Text in microseconds without the zone, as the source's side writes it.
  const moment = (column: string) =>
    `substr(replace("${column}", '+00:00', '') || CASE WHEN instr("${column}", '.') THEN '000000' ELSE '.000000' END, 1, 26)`;
  const cell = (column: string): string =>
    column === 'changed' || column === 'at' ? moment(column) : `CAST("${column}" AS TEXT)`;
  return {
    async total() {
      if (!existsSync(file)) return null;
      const db = open();
      try {
        // Cents: SQLite keeps numerics as text, and adding them as doubles would not be exact.
        const row = db
          .prepare(
            `SELECT count(*) AS n, sum(CAST(round(CAST(balance AS REAL) * 100) AS INTEGER)) AS cents FROM (${TOTAL('balance')})`,
          )
          .get() as { n: number; cents: number | null };
        return row.cents === null ? null : (Number(row.cents) / 100).toFixed(2);
      } catch (error) {
        if (String(error).includes('no such table')) return null;
        throw error;
      } finally {
        db.close();
      }
    },
    async everything() {
      const db = open();
      const result: Record<string, string[]> = {};
      for (const [table, columns] of Object.entries(BANK_TABLES)) {
        const rows = db
          .prepare(`SELECT ${columns.map(cell).join(', ')} FROM "${table}"`)
          .raw()
          .all() as unknown[][];
        result[table] = sorted(rows);
      }
      db.close();
      return result;
    },
    close: async () => undefined,
  };
}
