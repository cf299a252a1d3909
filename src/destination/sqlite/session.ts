import { setImmediate, setTimeout } from 'node:timers/promises';
import { Pg2anyError } from '../../model/error.ts';
import type { Cell, Session, Step } from '../contract.ts';
import { bindCells } from './bind.ts';
import { type Constructor, cellText, type Database, type SqlValue } from './database.ts';
import { isBusy, sqliteError } from './errors.ts';
import { identityOf } from './location.ts';
import { StatementCache } from './statement-cache.ts';
import { write } from './write.ts';

/** How long to wait for another writer before saying DESTINATION_BUSY, in milliseconds. */
const PATIENCE = 5000;

/** Rows per chunk of a scan. */
const CHUNK = 500;

/**
 * `synchronous = FULL` makes each commit reach the disk before it returns: PostgreSQL is told that we have it, and then
 * forgets it. In WAL mode the default NORMAL may lose the last commits at a power cut.
 * https://www.sqlite.org/pragma.html#pragma_synchronous
 * `busy_timeout = 0`: SQLite would wait by blocking our only thread; we wait between tries instead.
 */
const SETTINGS = [
  'synchronous = FULL',
  'busy_timeout = 0',
  'foreign_keys = OFF',
  'cache_size = -16384',
  'wal_autocheckpoint = 8000',
];

export class SqliteSession implements Session {
  readonly #driver: Constructor;
  readonly #file: string;
  #db: Database;
  #statements: StatementCache;
  /** Which file is open; null as long as there is none, and an empty database in memory stands for it. */
  #identity: string | null;
  #mayWrite = false;
  #closed = false;
  /** The result of the scan under way. */
  #cursor: Iterator<SqlValue[]> | null = null;

  constructor(driver: Constructor, file: string) {
    this.#driver = driver;
    this.#file = file;
    this.#identity = identityOf(file);
    this.#db = this.#connect(this.#identity === null ? ':memory:' : file);
    this.#statements = new StatementCache(this.#db);
  }

  #connect(path: string): Database {
    try {
      const db = new this.#driver(path);
      for (const setting of SETTINGS) db.exec(`PRAGMA ${setting}`);
      return db;
    } catch (error) {
      throw sqliteError(error, this.#file);
    }
  }

  async begin(): Promise<void> {
    this.#sameFile();
    await this.#whenFree(() => {
      this.#prepareToWrite();
      this.#db.exec('BEGIN IMMEDIATE');
    });
  }

  async commit(): Promise<void> {
    await this.#whenFree(() => this.#db.exec('COMMIT'));
  }

  async rollback(): Promise<void> {
    await this.#whenFree(() => {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    });
  }

  run(sql: string, values: readonly Cell[] = []): Promise<number> {
    return this.#whenFree(() => {
      this.#prepareToWrite();
      return this.#statements.get(sql).run(bindCells(sql, values)).changes;
    });
  }

  /** What was prepared before DDL is prepared again. */
  async runLong(sql: string, values: readonly Cell[] = []): Promise<number> {
    const changes = await this.run(sql, values);
    this.#statements = new StatementCache(this.#db);
    return changes;
  }

  rows(sql: string, values: readonly Cell[] = []): Promise<readonly (readonly Cell[])[]> {
    return this.#whenFree(() => {
      this.#prepareToRead();
      const rows = this.#statements.get(sql).raw().safeIntegers().all(bindCells(sql, values));
      return rows.map((row) => row.map(cellText));
    });
  }

  async *scan(sql: string, signal: AbortSignal): AsyncGenerator<readonly (readonly Cell[])[]> {
    const cursor = await this.#whenFree(() => {
      this.#prepareToRead();
      // a statement of its own: one that was not read to its end cannot be used again
      return this.#db.prepare(sql).raw().safeIntegers().iterate([]);
    });
    this.#cursor = cursor;
    try {
      while (this.#cursor !== null) {
        signal.throwIfAborted();
        const chunk = this.#next(cursor);
        if (chunk.length < CHUNK) this.#cursor = null;
        if (chunk.length > 0) yield chunk;
        await setImmediate();
        this.#stillOpen();
      }
    } finally {
      this.#abandon();
    }
  }

  #next(cursor: Iterator<SqlValue[]>): (string | null)[][] {
    const chunk: (string | null)[][] = [];
    try {
      while (chunk.length < CHUNK) {
        const { done, value } = cursor.next();
        if (done) break;
        chunk.push(value.map(cellText));
      }
    } catch (error) {
      throw sqliteError(error, this.#file);
    }
    return chunk;
  }

  /** Ends the read transaction of an unfinished scan: an interrupted statement halts where it is next asked for rows. */
  #abandon(): void {
    const cursor = this.#cursor;
    this.#cursor = null;
    if (cursor === null) return;
    this.#db.interrupt();
    try {
      while (!cursor.next().done);
    } catch {
      // `interrupted`, as intended
    }
  }

  async write(step: Step): Promise<void> {
    await write(step, (target, key, sql) => {
      this.#inTransaction();
      return this.#statements.ofTarget(target, key, sql);
    });
  }

  /** A transaction of a dead process is rolled back by SQLite itself; one of ours by `close`. */
  async evict(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#abandon();
    try {
      // not left to `close`: the connection lives on until its statements are collected
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      else if (this.#mayWrite) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#db.close();
    } catch {
      // what is broken cannot be closed any better
    }
  }

  /**
   * A write that pauses must not go on after somebody closed the session or rolled back: prepared statements survive
   * both, and each row would commit by itself.
   */
  #inTransaction(): void {
    this.#stillOpen();
    if (!this.#db.inTransaction) throw new Pg2anyError('INTERNAL', `${this.#file}: a write outside a transaction`);
  }

  /** libsql ends the whole process when it is asked about a closed database. */
  #stillOpen(): void {
    if (this.#closed) throw new Pg2anyError('DESTINATION_UNREACHABLE', `${this.#file}: the session is closed`);
  }

  /** Creates the file, and turns on the write-ahead log so that readers never wait for us nor we for them. */
  #prepareToWrite(): void {
    if (this.#mayWrite || this.#db.inTransaction) return;
    if (this.#identity === null) this.#openFile();
    this.#db.exec('PRAGMA journal_mode = WAL');
    this.#identity = identityOf(this.#file);
    this.#mayWrite = true;
  }

  #openFile(): void {
    this.#db.close();
    this.#db = this.#connect(this.#file);
    this.#statements = new StatementCache(this.#db);
  }

  /** Until there is a file, reading looks whether somebody has created it. */
  #prepareToRead(): void {
    if (this.#identity !== null || identityOf(this.#file) === null) return;
    this.#openFile();
    this.#identity = identityOf(this.#file);
  }

  /** A deleted or replaced file can be written on most systems, and nobody would ever read it. */
  #sameFile(): void {
    if (!this.#mayWrite || identityOf(this.#file) === this.#identity) return;
    throw new Pg2anyError('DESTINATION_UNSUITABLE', `${this.#file} was moved, deleted or replaced while in use`, {
      hint: 'Put the file back and start again; without it, run `pg2any teardown` and replicate with a new snapshot.',
    });
  }

  async #whenFree<T>(act: () => T): Promise<T> {
    const deadline = performance.now() + PATIENCE;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      try {
        this.#stillOpen();
        return act();
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw sqliteError(error, this.#file);
      }
      await setTimeout(pause);
    }
  }
}
