import type { Connection } from 'tedious';
import { Pg2anyError } from '../../model/error.ts';
import type { Cell, Session, Step, Target } from '../contract.ts';
import { exclusive } from '../exclusive.ts';
import { batch, call, closed, type Outcome, type Parameter } from './connection.ts';
import { sqlServerError } from './errors.ts';
import { identityOf } from './identity.ts';
import { scanRows } from './scan.ts';
import { Stages } from './stages.ts';
import { evict } from './token.ts';
import type { Wire } from './wire.ts';
import { write } from './write.ts';

/** A statement on its own would commit by itself where its transaction is gone. */
const GUARD = "IF @@TRANCOUNT = 0 THROW 50000, N'pg2any: the transaction is gone', 1;\n";

/** One connection. Whatever breaks it or leaves it in doubt (a timeout) ends it: nothing is tried again on it. */
export class SqlServerSession implements Session {
  readonly #connection: Connection;
  readonly #shown: string;
  readonly #timeoutMs: number;
  readonly #wire: Wire;
  readonly #stages: Stages;
  readonly #identities = new WeakMap<Target, boolean>();
  readonly #oneAtATime = exclusive();
  #ended = false;
  /** `lost`: something failed in it, so the server has rolled back, and nothing may follow but a rollback. */
  #transaction: 'none' | 'open' | 'lost' = 'none';
  /** Rejects the call in hand when the session is closed. */
  #giveUp: ((error: Error) => void) | null = null;

  /** `shown` is the server's name in messages. */
  constructor(connection: Connection, shown: string, timeoutMs: number) {
    this.#connection = connection;
    this.#shown = shown;
    this.#timeoutMs = timeoutMs;
    connection.on('error', () => this.#end());
    connection.on('end', () => this.#end());
    this.#stages = new Stages(connection);
    this.#wire = this.#makeWire();
  }

  #makeWire(): Wire {
    return {
      batch: (sql) => this.#send((guard) => batch(this.#connection, guard + sql), this.#timeoutMs),
      batchLong: (sql) => this.#send((guard) => batch(this.#connection, guard + sql), 0),
      call: (sql, parameters) =>
        this.#send((guard) => call(this.#connection, guard + sql, parameters), this.#timeoutMs),
      stage: (target, columns, rows, keyOf) => {
        const encoded = this.#stages.encode(target, columns, rows, keyOf);
        return this.#send((guard) => this.#stages.fill(target, columns, encoded, guard), this.#timeoutMs);
      },
      identity: (target) => identityOf(this.#identities, target, this.#wire),
      aside: (work) => this.#aside(work),
      failure: (error, where) => this.#failure(error, where),
    };
  }

  async begin(): Promise<void> {
    await this.#classified(() => batch(this.#connection, 'BEGIN TRANSACTION;'));
    this.#transaction = 'open';
  }

  async commit(): Promise<void> {
    await this.#classified(() => batch(this.#connection, 'COMMIT TRANSACTION;'));
    this.#transaction = 'none';
  }

  async rollback(): Promise<void> {
    this.#stages.forget();
    this.#transaction = 'none';
    // the server rolls back what a connection leaves behind
    if (!this.#ended) await this.#classified(() => batch(this.#connection, 'IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;'));
  }

  async run(sql: string, values: readonly Cell[] = []): Promise<number> {
    return (await this.#statement(sql, values, this.#timeoutMs)).count;
  }

  async runLong(sql: string, values: readonly Cell[] = []): Promise<number> {
    return (await this.#statement(sql, values, 0)).count;
  }

  async rows(sql: string, values: readonly Cell[] = []): Promise<readonly (readonly Cell[])[]> {
    return (await this.#statement(sql, values, this.#timeoutMs)).rows;
  }

  async #statement(sql: string, values: readonly Cell[], timeoutMs: number): Promise<Outcome> {
    try {
      return await this.#send((guard) => {
        if (values.length === 0) return batch(this.#connection, guard + sql);
        return call(this.#connection, guard + sql, values.map(textParameter));
      }, timeoutMs);
    } catch (error) {
      throw this.#failure(error, this.#shown);
    }
  }

  async *scan(sql: string, signal: AbortSignal): AsyncGenerator<readonly (readonly Cell[])[]> {
    if (this.#ended) throw closed(this.#shown);
    let finished = false;
    try {
      yield* scanRows(this.#connection, sql, signal);
      finished = true;
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(error, this.#shown);
    } finally {
      // the rest of the rows is still on its way
      if (!finished) this.#end();
    }
  }

  async write(step: Step): Promise<void> {
    await write(this.#wire, step);
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
    this.#connection.close();
    this.#giveUp?.(closed(this.#shown));
  }

  async #aside<T>(work: () => Promise<T>): Promise<T> {
    await this.rollback();
    await this.begin();
    try {
      return await work();
    } finally {
      await this.rollback();
      this.#transaction = 'lost';
    }
  }

  /** `act` gets what its statements must begin with. */
  async #send<T>(act: (guard: string) => Promise<T>, timeoutMs: number): Promise<T> {
    if (this.#transaction === 'lost')
      throw new Pg2anyError('INTERNAL', `${this.#shown}: a statement in a transaction that is gone`);
    const inside = this.#transaction === 'open';
    try {
      return await this.#call(() => act(inside ? GUARD : ''), timeoutMs);
    } catch (error) {
      if (inside) this.#transaction = 'lost';
      throw error;
    }
  }

  async #classified(act: () => Promise<unknown>): Promise<void> {
    try {
      await this.#call(act, this.#timeoutMs);
    } catch (error) {
      throw this.#failure(error, this.#shown);
    }
  }

  /** One after the other: the driver refuses what it is asked meanwhile. */
  #call<T>(act: () => Promise<T>, timeoutMs: number): Promise<T> {
    return this.#oneAtATime(() => this.#guarded(act, timeoutMs));
  }

  /** The driver waits for ever where a connection swallows what is sent: after the time is up it is cut. */
  #guarded<T>(act: () => Promise<T>, timeoutMs: number): Promise<T> {
    if (this.#ended) return Promise.reject(closed(this.#shown));
    let watchdog: NodeJS.Timeout | undefined;
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject;
      if (timeoutMs > 0) watchdog = setTimeout(() => this.#timeOut(reject, timeoutMs), timeoutMs);
      act().then(resolve, reject);
    }).finally(() => {
      clearTimeout(watchdog);
      this.#giveUp = null;
    });
  }

  #timeOut(reject: (error: Error) => void, timeoutMs: number): void {
    reject(new Pg2anyError('DESTINATION_UNREACHABLE', `${this.#shown} has not answered for ${timeoutMs} ms`));
    this.#end();
  }

  #failure(error: unknown, where: string): Pg2anyError {
    const failure = sqlServerError(error, where);
    if (failure.code === 'DESTINATION_UNREACHABLE') this.#end();
    return failure;
  }
}

/** Long enough for every name and position; longer texts have no limit, so that there are two plans at most. */
const SHORT = 4000;

function textParameter(value: Cell): Parameter {
  return { type: 'NVarChar', value, length: value !== null && value.length > SHORT ? Number.POSITIVE_INFINITY : SHORT };
}
