import pg from 'pg';

/**
 * A load whose every committed state has the same total: money moves between two tables, many rows a transaction, with
 * inserts, deletes, changed keys and large values that most updates leave alone. Deterministic but for its timing.
 */
export const BANK_SCHEMA = `
  CREATE TABLE account (id bigint PRIMARY KEY, owner text NOT NULL, balance numeric(14,2) NOT NULL, changed timestamptz NOT NULL DEFAULT now());
  CREATE TABLE vault (branch int, slot text, balance numeric(14,2) NOT NULL, PRIMARY KEY (branch, slot));
  CREATE TABLE dossier (id int PRIMARY KEY, title text, body text, open boolean);
  ALTER TABLE dossier ALTER body SET STORAGE EXTERNAL;
  CREATE TABLE journal (at timestamptz DEFAULT clock_timestamp(), what text, amount numeric(14,2));
  ALTER TABLE journal REPLICA IDENTITY FULL;`;

/** Total of account.balance and vault.balance in every committed state. */
export const BANK_TOTAL = '1000000.00';

const random = (n: number): number => Math.floor(Math.random() * n);

export async function createBank(url: string, accounts = 5000): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(BANK_SCHEMA);
  await client.query('BEGIN');
  await client.query(`INSERT INTO account SELECT i, 'owner ' || i, 100 FROM generate_series(1, ${accounts}) i`);
  await client.query(
    `INSERT INTO vault SELECT i % 10, 'slot ' || i, (${BANK_TOTAL} - 100.0 * ${accounts}) / 500 FROM generate_series(1, 500) i`,
  );
  await client.query(
    `INSERT INTO dossier SELECT i, 'dossier ' || i, repeat(md5(i::text), 100 + i % 50), false FROM generate_series(1, 300) i`,
  );
  await client.query(`INSERT INTO journal SELECT now(), 'opening', i % 7 FROM generate_series(1, 200) i`);
  await client.query('COMMIT');
  await client.end();
}

const KINDS: readonly ((n: number) => string)[] = [
  // Money moves from accounts to a vault slot.
  () => `WITH taken AS (UPDATE account SET balance = balance - 1, changed = clock_timestamp()
           WHERE id BETWEEN ${random(4900)} AND ${random(4900) + 60} RETURNING 1)
         UPDATE vault SET balance = balance + (SELECT count(*) FROM taken) WHERE branch = 3 AND slot = 'slot 3'`,
  // An account closes: its balance goes to the vault.
  () => `WITH gone AS (DELETE FROM account WHERE id = ${1 + random(5000)} RETURNING balance)
         UPDATE vault SET balance = balance + coalesce((SELECT sum(balance) FROM gone), 0) WHERE branch = 1 AND slot = 'slot 1'`,
  // Accounts open with nothing in them.
  (n) =>
    `INSERT INTO account SELECT ${10_000 + n} * 100 + i, 'née 😀 ' || i, 0 FROM generate_series(1, 40) i ON CONFLICT DO NOTHING`,
  // A key changes.
  (n) =>
    `UPDATE account SET id = ${-n} WHERE id = ${1 + random(5000)} AND NOT EXISTS (SELECT 1 FROM account WHERE id = ${-n})`,
  (n) =>
    `UPDATE vault SET slot = 'moved ${n}' WHERE branch = 5 AND slot = (SELECT min(slot) FROM vault WHERE branch = 5)`,
  // A large value stays as it is, also where the key changes.
  () => `UPDATE dossier SET open = NOT open WHERE id % 20 = ${random(20)}`,
  (n) =>
    `UPDATE dossier SET id = ${1000 + n} WHERE id = ${1 + random(300)} AND NOT EXISTS (SELECT 1 FROM dossier WHERE id = ${1000 + n})`,
  (n) => `INSERT INTO journal (what, amount) SELECT 'entry ${n}', i FROM generate_series(1, 5) i`,
  () => 'DELETE FROM journal WHERE ctid IN (SELECT ctid FROM journal ORDER BY random() LIMIT 2)',
  () => `UPDATE journal SET what = NULL WHERE ctid IN (SELECT ctid FROM journal ORDER BY random() LIMIT 2)`,
];

/** Runs transactions on two connections until stopped; resolves with how many committed. */
export function runBank(url: string): { stop(): Promise<number> } {
  let stopped = false;
  let committed = 0;
  let serial = 0;
  const writer = async (): Promise<void> => {
    const client = new pg.Client(url);
    await client.connect();
    while (!stopped) {
      await client.query('BEGIN');
      try {
        for (let step = 0; step < 1 + random(4); step += 1) {
          serial += 1;
          await client.query((KINDS[random(KINDS.length)] as (n: number) => string)(serial));
        }
        await client.query(random(10) === 0 ? 'ROLLBACK' : 'COMMIT');
        committed += 1;
      } catch {
        // Two writers may deadlock: the source rolls one back, which is a fine thing to replicate.
        await client.query('ROLLBACK');
      }
    }
    await client.end();
  };
  const writers = Promise.all([writer(), writer()]);
  return {
    async stop() {
      stopped = true;
      await writers;
      return committed;
    },
  };
}

/** Every row of every bank table as sorted text, read independently of the product. `at` columns in microseconds. */
export const BANK_TABLES = {
  account: ['id', 'owner', 'balance', 'changed'],
  vault: ['branch', 'slot', 'balance'],
  dossier: ['id', 'title', 'body', 'open'],
  journal: ['at', 'what', 'amount'],
} as const;

export async function bankAtSource(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client(url);
  await client.connect();
  const result: Record<string, string[]> = {};
  for (const [table, columns] of Object.entries(BANK_TABLES)) {
    const list = columns.map((column) =>
      column === 'changed' || column === 'at'
        ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`
        : column === 'open'
          ? 'open::int::text'
          : `${column}::text`,
    );
    const rows = await client.query({ text: `SELECT ${list.join(', ')} FROM ${table}`, rowMode: 'array' });
    result[table] = rows.rows.map((row: (string | null)[]) => JSON.stringify(row)).sort();
  }
  await client.end();
  return result;
}
