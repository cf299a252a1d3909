import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import { Pg2anyError } from '../../model/error.ts';
import type { Cell, Session, Step } from '../contract.ts';
import { bind } from './bind.ts';
import { type FileFactory, type Outcome, outcomes, rows } from './connection.ts';
import { mysqlError } from './errors.ts';
import { onlyThis } from './load.ts';
import { scanRows } from './scan.ts';
import type { Server } from './server.ts';
import { evict, hold } from './token.ts';
import type { Wire } from './wire.ts';
import { write } from './write.ts';

/** One connection. Whatever breaks it or leaves it in doubt (a timeout) ends it: nothing is tried again on it. */
export class MysqlSession implements Session {
  readonly #connection: Connection;
  readonly #shown: string;
  readonly #timeoutMs: number;
  readonly #wire: Wire;
  #ended = false;
  /** What opens a transaction, until the first statement of it takes it along: an answer less to wait for. */
  #opening = '';
  /** Rejects the call in hand when the session is closed: the driver forgets its callback then. */
  #giveUp: ((error: Error) => void) | null = null;

  /** `shown` is the server's name in messages. */
  constructor(connection: Connection, server: Server, shown: string, timeoutMs: number) {
    this.#connection = connection;
    this.#shown = shown;
    this.#timeoutMs = timeoutMs;
    connection.on('error', () => this.#end());
    this.#wire = this.#makeWire(server);
  }

  #makeWire(server: Server): Wire {
    const connection = this.#connection;
    return {
      maxAllowedPacket: server.maxAllowedPacket,
      loading: server.localInfile,
      send: (sql) => this.#call(() => this.#statement(sql, this.#timeoutMs)),
      sendAll: (statements) => this.#call(() => this.#statements(statements, this.#timeoutMs)),
      sendLong: (sql) => this.#call(() => this.#statement(sql, 0)),
      load: (sql, { pieces }) => this.#call(() => this.#statement(sql, this.#timeoutMs, onlyThis(pieces))),
      warnings: () => this.#call(() => rows(connection, 'SHOW WARNINGS LIMIT 5', this.#timeoutMs)),
      failure: (error, where) => this.#failure(error, where),
    };
  }

  async begin(): Promise<void> {
    if (this.#ended) throw this.#gone();
    this.#opening = 'START TRANSACTION';
  }

  async commit(): Promise<void> {
    if (this.#opening === '') await this.run('COMMIT');
    this.#opening = '';
  }

  async rollback(): Promise<void> {
    // the server rolls back what a connection leaves behind
    if (!this.#ended && this.#opening === '') await this.run('ROLLBACK');
    this.#opening = '';
  }

  async run(sql: string, values: readonly Cell[] = []): Promise<number> {
    return (await this.#outcome(sql, values, this.#timeoutMs)).affectedRows;
  }

  async runLong(sql: string, values: readonly Cell[] = []): Promise<number> {
    return (await this.#outcome(sql, values, 0)).affectedRows;
  }

  #outcome(sql: string, values: readonly Cell[], timeoutMs: number): Promise<Outcome> {
    return this.#classified(() => this.#statement(bind(sql, values), timeoutMs));
  }

  async #statement(sql: string, timeoutMs: number, file?: FileFactory): Promise<Outcome> {
    const [outcome] = await this.#statements([sql], timeoutMs, file);
    return outcome as Outcome;
  }

  async #statements(statements: readonly string[], timeoutMs: number, file?: FileFactory): Promise<readonly Outcome[]> {
    const opening = this.#opening === '' ? [] : [this.#opening];
    this.#opening = '';
    const all = await outcomes(this.#connection, [...opening, ...statements], timeoutMs, file);
    return all.slice(opening.length);
  }

  /** A question opens the transaction by itself: its rows would not be told from another answer. */
  async #open(): Promise<void> {
    if (this.#opening !== '') await this.#statements([], this.#timeoutMs);
  }

  rows(sql: string, values: readonly Cell[] = []): Promise<readonly (readonly Cell[])[]> {
    return this.#classified(async () => {
      await this.#open();
      return await rows(this.#connection, bind(sql, values), this.#timeoutMs);
    });
  }

  async *scan(sql: string, signal: AbortSignal): AsyncGenerator<readonly (readonly Cell[])[]> {
    if (this.#ended) throw this.#gone();
    let finished = false;
    try {
      yield* scanRows(this.#connection, sql, signal);
      finished = true;
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(error, this.#shown);
    } finally {
      // the rest of the rows is still on its way and cannot be called off
      if (!finished) this.#end();
    }
  }

  async write(step: Step): Promise<void> {
    await write(this.#wire, step);
  }

  /** Makes the session known under this token. */
  async name(token: string): Promise<void> {
    await hold(this, token);
  }

  async evict(token: string): Promise<void> {
    await evict(this, token);
  }

  async close(): Promise<void> {
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#connection.destroy();
    // the driver only says goodbye, and would wait for a server that no longer answers
    (this.#connection as { readonly stream?: Socket }).stream?.destroy();
    this.#giveUp?.(this.#gone());
  }

  #gone(): Pg2anyError {
    return new Pg2anyError('DESTINATION_UNREACHABLE', `${this.#shown}: the connection is closed`);
  }

  #call<T>(act: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(this.#gone());
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject;
      act().then(resolve, reject);
    }).finally(() => {
      this.#giveUp = null;
    });
  }

  async #classified<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await this.#call(act);
    } catch (error) {
      throw this.#failure(error, this.#shown);
    }
  }

  #failure(error: unknown, where: string): Pg2anyError {
    const failure = mysqlError(error, where);
    if (failure.code === 'DESTINATION_UNREACHABLE') this.#end();
    return failure;
  }
}
