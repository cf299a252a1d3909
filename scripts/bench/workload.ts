import pg from 'pg';

/** Eight columns as a typical table has them. */
const COLUMNS = `id bigint PRIMARY KEY, qty int NOT NULL, name text NOT NULL, price numeric(12,2) NOT NULL,
  stamp timestamptz NOT NULL, active boolean NOT NULL, attributes jsonb, token uuid NOT NULL`;

const ROW = `i, i % 1000, 'product number ' || (i % 100000), (i % 10000) / 100.0, clock_timestamp(), i % 2 = 0,
  jsonb_build_object('k', i % 100, 'tag', 'x' || i % 10), md5(i::text)::uuid`;

/** Position of STAMP in the row. */
export const STAMP = 4;

export class Workload {
  private readonly client: pg.Client;

  private constructor(client: pg.Client) {
    this.client = client;
  }

  static async connect(url: string): Promise<Workload> {
    const client = new pg.Client(url);
    await client.connect();
    return new Workload(client);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** An empty table, published, and a slot named `base` that has seen nothing yet; returns where it starts. */
  async reset(): Promise<string> {
    await this.client.query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active');
    await this.client.query('DROP PUBLICATION IF EXISTS bench; DROP TABLE IF EXISTS item');
    await this.client.query(`DO $$ DECLARE one text; BEGIN
      FOR one IN SELECT relname FROM pg_class WHERE relname ~ '^item_\\d+$' AND relkind = 'r' LOOP
        EXECUTE format('DROP TABLE %I', one); END LOOP; END $$`);
    await this.client.query(`CREATE TABLE item (${COLUMNS}); CREATE PUBLICATION bench FOR TABLE item`);
    const slot = await this.client.query(
      "SELECT lsn::text FROM pg_create_logical_replication_slot('base', 'pgoutput')",
    );
    return String(slot.rows[0].lsn);
  }

  /** A slot at the same place as `base`, so that several runs read the same WAL. */
  async slot(name: string): Promise<void> {
    await this.client.query("SELECT pg_copy_logical_replication_slot('base', $1)", [name]);
  }

  async drop(name: string): Promise<void> {
    await this.client.query('SELECT pg_drop_replication_slot($1)', [name]);
  }

  /** `rows` inserts in transactions of 100, each so many bytes wider. */
  async inserts(rows: number, wider = 0): Promise<void> {
    const row = wider === 0 ? ROW : ROW.replace("'product number '", `repeat('x', ${wider}) || 'product number '`);
    await this.client.query(`DO $$ BEGIN FOR b IN 0..${rows / 100 - 1} LOOP
      INSERT INTO item SELECT ${row} FROM generate_series(b * 100 + 1, b * 100 + 100) i; COMMIT; END LOOP; END $$`);
  }

  /** All in one transaction. */
  async transaction(rows: number): Promise<void> {
    await this.client.query(`INSERT INTO item SELECT ${ROW} FROM generate_series(1, ${rows}) i`);
  }

  /** The same inserts, one transaction after the other into the next of so many tables. */
  async spread(rows: number, tables: number): Promise<void> {
    await this.client.query(`DO $$ BEGIN FOR n IN 0..${tables - 1} LOOP
      EXECUTE format('DROP TABLE IF EXISTS item_%s; CREATE TABLE item_%s (LIKE item INCLUDING ALL)', n, n);
      EXECUTE format('ALTER PUBLICATION bench ADD TABLE item_%s', n); END LOOP; END $$`);
    await this.client.query(`DO $$ BEGIN FOR b IN 0..${rows / 100 - 1} LOOP
      EXECUTE format('INSERT INTO item_%s SELECT ${ROW.replaceAll('%', '%%').replaceAll("'", "''")}
        FROM generate_series(%s, %s) i', b % ${tables}, b * 100 + 1, b * 100 + 100); COMMIT; END LOOP; END $$`);
  }

  /** Transactions of 60 inserts, 30 updates and 10 deletes of earlier rows. */
  async mixed(events: number): Promise<void> {
    await this.client.query(`DO $$ BEGIN FOR b IN 0..${events / 100 - 1} LOOP
      INSERT INTO item SELECT ${ROW} FROM generate_series(b * 60 + 1, b * 60 + 60) i;
      UPDATE item SET qty = qty + 1, name = name || '!' WHERE id BETWEEN greatest(b - 40, 0) * 60 + 11 AND greatest(b - 40, 0) * 60 + 40;
      DELETE FROM item WHERE id BETWEEN greatest(b - 80, 0) * 60 + 41 AND greatest(b - 80, 0) * 60 + 50;
      COMMIT; END LOOP; END $$`);
  }

  /** Inserts at this rate, in transactions of 100. */
  async steady(rate: number, seconds: number): Promise<void> {
    await this.client.query(`DO $$ DECLARE t0 timestamptz := clock_timestamp(); ahead float; BEGIN
      FOR b IN 0..${(rate / 100) * seconds - 1} LOOP
      INSERT INTO item SELECT ${ROW} FROM generate_series(b * 100 + 1, b * 100 + 100) i; COMMIT;
      ahead := b / ${rate / 100}.0 - extract(epoch FROM clock_timestamp() - t0);
      IF ahead > 0.002 THEN PERFORM pg_sleep(ahead); END IF; END LOOP; END $$`);
  }

  /** One-row transactions at about `rate` a second. */
  async trickle(rate: number, seconds: number): Promise<void> {
    const from = 100_000_000;
    await this.client.query(`DO $$ DECLARE t0 timestamptz := clock_timestamp(); ahead float; BEGIN FOR i IN ${from}..${from + rate * seconds - 1} LOOP
      INSERT INTO item SELECT ${ROW}; COMMIT;
      ahead := (i - ${from}) / ${rate}.0 - extract(epoch FROM clock_timestamp() - t0);
      IF ahead > 0.002 THEN PERFORM pg_sleep(ahead); END IF; END LOOP; END $$`);
  }

  /** Empty tables t_1, t_2, …, in a publication of their own. */
  async manyTables(count: number): Promise<void> {
    await this.client.query(`DROP SCHEMA IF EXISTS many CASCADE; CREATE SCHEMA many; DO $$ BEGIN FOR i IN 1..${count} LOOP
      EXECUTE format('CREATE TABLE many.t_%s (id int PRIMARY KEY)', i); END LOOP; END $$`);
    await this.client.query('DROP PUBLICATION IF EXISTS many; CREATE PUBLICATION many FOR TABLES IN SCHEMA many');
  }

  async count(): Promise<number> {
    return Number((await this.client.query('SELECT count(*) AS n FROM item')).rows[0].n);
  }

  async position(): Promise<string> {
    // A later record than the last commit, so that the position itself is reached.
    await this.client.query("SELECT pg_logical_emit_message(false, 'bench', 'end')");
    return String((await this.client.query('SELECT pg_current_wal_lsn()::text AS lsn')).rows[0].lsn);
  }

  /** The table as LOAD DATA takes it, for the client that the initial copy is measured against. */
  async exportForLoad(): Promise<string> {
    const rows = await this.client.query({
      text: `SELECT concat_ws(E'\\t', id, qty, name, price, to_char(stamp AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), active::int, attributes, token) AS line FROM item`,
      rowMode: 'array',
    });
    return `${rows.rows.map((row: string[]) => row[0]).join('\n')}\n`;
  }
}
