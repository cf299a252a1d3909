import pg from 'pg';
import type { Draw } from './draw.ts';
import { type Model, START, START_SQL } from './model.ts';
import { statement } from './script.ts';

/** Writes at the source what the seed says, and remembers all of it. */
export class Writer {
  readonly #log: string[] = [];
  readonly #client: pg.Client;
  readonly #draw: Draw;
  #model: Model = START;
  #serial = 0;

  constructor(url: string, draw: Draw) {
    this.#client = new pg.Client(url);
    this.#draw = draw;
  }

  async open(): Promise<void> {
    await this.#client.connect();
    await this.#client.query(START_SQL);
  }

  /** One transaction; one in ten is rolled back. */
  async transaction(): Promise<void> {
    const draw = this.#draw;
    let model = this.#model;
    await this.#run('BEGIN');
    for (let left = 1 + draw.int(5); left > 0; left--) {
      this.#serial += 1;
      const { sql, after } = statement(draw, model, this.#serial);
      await this.#run(sql);
      model = after;
    }
    if (draw.one(10)) return await this.#run('ROLLBACK');
    await this.#run('COMMIT');
    this.#model = model;
  }

  /** The stream tells of a new shape with the next change of the table only: afterwards it has told of all. */
  async touchAll(): Promise<void> {
    this.#serial += 10;
    for (const { name, key } of this.#model) {
      const values = key.map((_, i) => `${1_000_000 + this.#serial + i}`);
      await this.#run(
        key.length === 0
          ? `INSERT INTO ${name} DEFAULT VALUES`
          : `INSERT INTO ${name} (${key.join(', ')}) VALUES (${values.join(', ')})`,
      );
    }
  }

  /** The pipeline has caught up. */
  seen(): void {
    this.#model = this.#model.map((table) => ({ ...table, news: 'none' }));
  }

  async #run(sql: string): Promise<void> {
    this.#log.push(sql);
    await this.#client.query(sql);
  }

  /** What happened to a table under each of its names, for people. */
  story(table: string): string {
    const names = [table];
    for (const sql of [...this.#log].reverse()) {
      const [, from, to] = /^ALTER TABLE (\w+) RENAME TO (\w+)/.exec(sql) ?? [];
      if (from && to && names.includes(to)) names.unshift(from);
    }
    const told = new RegExp(`\\b(${names.join('|')}|BEGIN|COMMIT|ROLLBACK)\\b`);
    const touched = this.#log.filter((sql) => told.test(sql));
    return touched.map((sql) => `${sql.slice(0, 300)};`).join('\n');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
