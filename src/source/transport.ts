import type pg from 'pg';
import { LogicalReplicationService } from 'pg-logical-replication';
import { Pg2anyError } from '../model/error.ts';
import { formatLsn, type Lsn, maxLsn } from '../model/lsn.ts';
import type { SourceOptions, StreamOptions } from '../model/source.ts';
import { decodeFrame, isData, statusUpdate } from '../pgoutput/frame.ts';
import { assertPinned, clientConfig, isUnencoded, replicationSettings } from './connection.ts';
import { type CopyConnection, replaceListener } from './copy-connection.ts';
import { CopyMessages, type Messages } from './copy-messages.ts';
import { sourceError } from './errors.ts';
import { FEEDBACK, Feedback } from './feedback.ts';
import { Inbox } from './inbox.ts';
import { Pace } from './pace.ts';
import { queryOn } from './query.ts';
import { Received } from './received.ts';
import { Stalls } from './stalls.ts';
import { startSql } from './start-sql.ts';
import type { Query } from './types.ts';

/** Above this the socket is paused, below half of it resumed. */
const HIGH_WATER = 8 * 1024 * 1024;

const PACE_MS = 1;

/** Looks at the server that the stream will come from; rejects where that must not begin. */
type Admit = (query: Query) => Promise<void>;

type Plugin = Parameters<LogicalReplicationService['subscribe']>[0];

const brokenBytes = (error: unknown): Pg2anyError =>
  new Pg2anyError('PROTOCOL', `the connection to the source carried broken bytes: ${(error as Error).message}`, {
    cause: error,
  });

/**
 * The copy-both connection, carried by pg-logical-replication: it connects, authenticates and frames. Everything else
 * of it is overridden here. It acknowledges what was only received, adds one to LSNs (which skips an adjacent commit),
 * and has no backpressure, so its listener is replaced by ours, its timers are off, and status updates are our own.
 * One object serves one attempt: a second subscribe() would start at the last received position.
 */
export class Transport {
  readonly inbox = new Inbox();
  readonly feedback: Feedback;
  failure: Pg2anyError | null = null;
  /** Called once when the source can no longer be reached: other connections to it will not answer either. */
  onUnreachable: () => void = () => undefined;
  private readonly service: LogicalReplicationService;
  private readonly options: StreamOptions;
  private readonly admit: Admit;
  private readonly received = new Received();
  private readonly pacing = new Pace();
  private connection: CopyConnection | null = null;
  private ended: Promise<void> = Promise.resolve();
  private stalls: Stalls | null = null;
  private tick: NodeJS.Timeout | undefined;
  private pace: NodeJS.Timeout | undefined;
  private full = false;
  private closing = false;
  /** Nobody takes what still arrives, which within a large transaction is no end of it. */
  private leaving = false;
  private lastReceivedAt = 0;
  private lastTakenAt = 0;
  private pausedAt = 0;
  private pausedTotal = 0;

  private constructor(source: SourceOptions, options: StreamOptions, version: number, from: Lsn, admit: Admit) {
    this.options = options;
    this.admit = admit;
    const settings = replicationSettings(version, options.senderTimeoutMs);
    const config = { ...clientConfig(source, settings), replication: 'database' as const };
    this.service = new LogicalReplicationService(config, {
      acknowledge: { auto: false, timeoutSeconds: 0 },
      flowControl: { enabled: false },
    });
    const heartbeatMs = Math.min(options.heartbeatMs, options.senderTimeoutMs / 3);
    this.feedback = new Feedback({ ...FEEDBACK, heartbeatMs }, from, performance.now());
  }

  /** Resolves once the server streams; rejects with the reason it does not. */
  static async start(
    source: SourceOptions,
    options: StreamOptions,
    version: number,
    from: Lsn,
    admit: Admit = async () => undefined,
  ): Promise<Transport> {
    const transport = new Transport(source, options, version, from, admit);
    try {
      await transport.subscribe(startSql(options, version, from), from);
      return transport;
    } catch (error) {
      await transport.destroy();
      throw sourceError(error, `start replication from slot ${options.slot}`);
    }
  }

  /** The highest position the server has sent. */
  get receivedLsn(): Lsn {
    return maxLsn(this.received.lsn, this.feedback.receivedLsn);
  }

  get pausedMs(): number {
    return this.pausedTotal + (this.full ? performance.now() - this.pausedAt : 0);
  }

  /** For how long this process could do nothing, all in all. */
  get stalledMs(): number {
    return this.stalls?.totalMs ?? 0;
  }

  /** To be called after each take, so that a paused socket goes on. */
  taken(): void {
    this.lastTakenAt = performance.now();
    if (!this.full || this.inbox.bytes > HIGH_WATER / 2) return;
    this.pausedTotal += performance.now() - this.pausedAt;
    this.full = false;
    this.connection?.stream.resume();
  }

  /** Sends what is due now. */
  flush(): void {
    this.feedback.onData(this.received.lsn);
    const update = this.feedback.due(performance.now());
    if (update) this.send(update.received, update.flushed, update.ping);
  }

  /** Final feedback and end of copy; a server deep in a transaction does not answer, then the socket is closed. */
  async close(): Promise<void> {
    this.closing = true;
    this.leaving = true;
    this.feedback.onData(this.received.lsn);
    const update = this.feedback.update(performance.now(), false);
    this.send(update.received, update.flushed, false);
    this.connection?.endCopyFrom();
    this.connection?.stream.resume();
    await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 3000).unref())]);
    await this.destroy();
  }

  private subscribe(sql: string, from: Lsn): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const failed = (error: unknown): void => {
        reject(error);
        this.fail(error);
      };
      this.service.on('error', failed);
      this.service.on('data', () => undefined);
      const plugin = {
        options: {},
        name: 'pgoutput',
        parse: () => undefined,
        start: (client: pg.Client) => this.take(client, sql, resolve),
      };
      const stream = this.service.subscribe(plugin as unknown as Plugin, this.options.slot, formatLsn(from));
      this.ended = stream.then(
        () => failed(new Pg2anyError('SOURCE_UNREACHABLE', 'the server ended the replication stream')),
        failed,
      );
    });
  }

  private async take(client: pg.Client, sql: string, started: () => void): Promise<unknown> {
    const connection = (client as unknown as { connection: CopyConnection }).connection;
    this.connection = connection;
    const query = queryOn(client, 'set up the replication session');
    await assertPinned(query);
    await this.admit(query);
    // Without an encoding the server would end the stream where it is not UTF-8, without saying in which table.
    if (await isUnencoded(query)) await query("SET client_encoding = 'SQL_ASCII'");
    client.on('notice', (notice) => {
      // PostgreSQL 18 only warns about a missing publication and then sends nothing.
      if (notice.message?.includes('skipped loading publication')) this.fail(sourceError(notice, 'stream'));
    });
    this.listen(connection);
    const silence = setTimeout(() => this.fail(this.silent()), 2 * this.options.senderTimeoutMs);
    connection.once('replicationStart', () => {
      clearTimeout(silence);
      this.lastReceivedAt = this.lastTakenAt = performance.now();
      const { tickMs } = this.feedback;
      this.stalls = new Stalls({ tickMs, senderTimeoutMs: this.options.senderTimeoutMs }, this.lastReceivedAt);
      this.tick = setInterval(() => this.onTick(), tickMs);
      started();
    });
    return await client.query(sql).finally(() => clearTimeout(silence));
  }

  /**
   * The stream itself goes past the driver, which would make an object and an event of every message: four fifths of
   * what reading costs. No query is under way, so the driver is between two messages.
   */
  private listen(connection: CopyConnection): void {
    connection.removeAllListeners('copyData');
    const messages = new CopyMessages({ messages: (some) => this.receive(some), other: (bytes) => toDriver(bytes) });
    const toDriver = replaceListener(connection.stream, (chunk) => {
      this.lastReceivedAt = performance.now();
      // Inside of the socket's callback, where a throw would end the process.
      try {
        messages.feed(chunk);
      } catch (error) {
        this.fail(brokenBytes(error));
      }
      this.paced(chunk.length);
    });
  }

  private receive(messages: Messages): void {
    if (this.leaving) return;
    const { buffer, bounds } = messages;
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i] as number;
      if (isData(buffer, start)) this.received.see(buffer, start);
      else this.keepalive(buffer, start, bounds[i + 1] as number);
    }
    this.inbox.push(messages);
    if (!this.full && this.inbox.bytes > HIGH_WATER) this.pause();
  }

  private keepalive(buffer: Buffer, start: number, end: number): void {
    const frame = decodeFrame(buffer, start, end);
    if (frame.kind !== 'keepalive') return;
    this.feedback.onKeepalive(frame.walEnd, frame.replyRequested, performance.now());
    if (frame.replyRequested) this.flush();
  }

  private pause(): void {
    this.full = true;
    this.pausedAt = this.lastTakenAt = performance.now();
    this.connection?.stream.pause();
  }

  private paced(bytes: number): void {
    if (!this.pacing.rests(bytes, this.lastReceivedAt) || this.full || this.closing || this.pace) return;
    this.connection?.stream.pause();
    this.pace = setTimeout(() => {
      this.pace = undefined;
      if (!this.full) this.connection?.stream.resume();
    }, PACE_MS);
  }

  private onTick(): void {
    const now = performance.now();
    this.flush();
    const stalled = this.stalls?.tick(now) ?? 0;
    // What arrived meanwhile lies unread in the socket, and whoever takes from us could not either.
    this.lastReceivedAt = Math.min(now, this.lastReceivedAt + stalled);
    this.lastTakenAt = Math.min(now, this.lastTakenAt + stalled);
    if (this.full && now - this.lastTakenAt > this.options.maxStallMs) {
      const message = `the destination took nothing for ${Math.round((now - this.lastTakenAt) / 1000)} s; the source connection was given up, the slot keeps every change`;
      this.fail(new Pg2anyError('STREAM_STALLED', message));
    } else if (!this.full && now - this.lastReceivedAt > 2 * this.options.senderTimeoutMs) {
      this.fail(this.silent());
    } else if (this.feedback.holdsUpShutdown(now)) {
      this.fail(
        new Pg2anyError('SOURCE_BUSY', 'the source is shutting down and waits for us; the connection was given up'),
      );
    }
  }

  private silent(): Pg2anyError {
    const ms = 2 * this.options.senderTimeoutMs;
    const why = this.stalls?.recent(performance.now()) ? '' : '; the network may be cut';
    return new Pg2anyError('SOURCE_UNREACHABLE', `the source sent nothing for ${ms} ms${why}`);
  }

  private send(received: Lsn, flushed: Lsn, ping: boolean): void {
    this.connection?.sendCopyFromChunk(statusUpdate(received, flushed, flushed, Date.now(), ping));
  }

  /** The one road for errors of event, rejection and end. The socket is closed at once: the server must not hang on it. */
  private fail(error: unknown): void {
    if (this.closing) return;
    this.closing = true;
    clearInterval(this.tick);
    this.failure = this.explained(sourceError(error, 'stream from the source'));
    this.inbox.fail(this.failure);
    this.connection?.stream.destroy();
    if (this.failure.code === 'SOURCE_UNREACHABLE') this.onUnreachable();
  }

  /** A server that heard nothing from us closes the connection, or one in between forgets it. */
  private explained(failure: Pg2anyError): Pg2anyError {
    const stalled = this.stalls?.recent(performance.now()) ?? 0;
    if (failure.code !== 'SOURCE_UNREACHABLE' || stalled === 0) return failure;
    const message = `${failure.message}, after this process could do nothing for ${(stalled / 1000).toFixed(1)} s`;
    return new Pg2anyError(failure.code, message, { cause: failure });
  }

  private async destroy(): Promise<void> {
    this.closing = true;
    clearInterval(this.tick);
    clearTimeout(this.pace);
    this.connection?.stream.destroy();
    await this.service.destroy().catch(() => undefined);
  }
}
