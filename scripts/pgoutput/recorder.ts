import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { maxLsn, parseLsn, ZERO_LSN } from '../../src/model/lsn.ts';
import type { SourceOptions } from '../../src/model/source.ts';
import { decodeFrame, statusUpdate } from '../../src/pgoutput/frame.ts';
import { clientConfig } from '../../src/source/connection.ts';
import type { Case, Workshop } from './case.ts';

/** One line of a fixture file. */
export interface Recording {
  readonly case: string;
  /** `server_version`, such as 15.18. */
  readonly server: string;
  readonly protocol: number;
  readonly parallel: boolean;
  /** The server's clock before and after, milliseconds since the Unix epoch. */
  readonly began: number;
  readonly ended: number;
  /** What a SELECT gave at the end, as PostgreSQL's text; empty where the case asks for none. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** The contents of CopyData messages, base64: all with data, and the last keepalive. */
  readonly frames: readonly string[];
}

/** pg's own connection, of which only these members are used. */
interface CopyConnection {
  on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

const PATIENCE_MS = 30_000;
const SLOT = 'recording';

async function connect(options: SourceOptions): Promise<pg.Client> {
  const client = new pg.Client({ ...clientConfig(options), types: pg.types });
  await client.connect();
  await client.query("SET search_path = public; SET client_min_messages = 'error'");
  return client;
}

/** Waits until a condition of the stream holds. */
async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}

/** A walsender's stream, kept as it came. */
class Tape {
  readonly frames: Buffer[] = [];
  keepalive: Buffer | null = null;
  private received = ZERO_LSN;
  private readonly client: pg.Client;
  private readonly connection: CopyConnection;
  private streaming: Promise<unknown> = Promise.resolve();
  private failure: unknown = null;

  constructor(options: SourceOptions) {
    this.client = new pg.Client({ ...clientConfig(options), replication: 'database' } as pg.ClientConfig);
    this.connection = (this.client as unknown as { connection: CopyConnection }).connection;
  }

  async start(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.client.connect();
    this.connection.on('copyData', ({ chunk }) => this.keep(Buffer.from(chunk)));
    const list = Object.entries(settings).map(([name, value]) => `${name} '${value}'`);
    this.streaming = this.client
      .query(`START_REPLICATION SLOT ${SLOT} LOGICAL 0/0 (${list.join(', ')})`)
      .catch((error) => (this.failure = error));
    await until(() => this.answered(), 'the stream to start');
  }

  /** How many messages with this tag came; of stream starts only those of new transactions. */
  count(tag: string): number {
    const first = (frame: Buffer) => tag !== 'S' || frame[30] === 1;
    return this.frames.filter((frame) => frame[25] === tag.charCodeAt(0) && first(frame)).length;
  }

  /** Until everything up to that position was sent. */
  async reach(position: string): Promise<void> {
    await until(() => this.answered() && this.received >= parseLsn(position), `position ${position}`);
  }

  async stop(): Promise<void> {
    this.connection.endCopyFrom();
    await this.streaming;
    await this.client.end();
  }

  private answered(): boolean {
    if (this.failure) throw this.failure;
    this.connection.sendCopyFromChunk(statusUpdate(ZERO_LSN, ZERO_LSN, ZERO_LSN, Date.now(), true));
    return this.keepalive !== null;
  }

  private keep(chunk: Buffer): void {
    const frame = decodeFrame(chunk, 0, chunk.length);
    if (frame.kind === 'data') this.frames.push(chunk);
    else {
      this.keepalive = chunk;
      this.received = maxLsn(this.received, frame.walEnd);
    }
  }
}

const settingsOf = (it: Case, version: number): Record<string, string> => ({
  proto_version: String(it.protocol ?? 1),
  publication_names: 'recorded',
  ...(version >= 14 ? { messages: 'true' } : {}),
  ...(it.streaming ? { streaming: it.streaming } : {}),
  ...(it.twoPhase ? { two_phase: 'on' } : {}),
});

/** Runs one case in a database of its own while its slot is streamed. */
export async function record(options: SourceOptions, it: Case, version: number): Promise<Recording> {
  const postgres = await connect(options);
  await postgres.query('CREATE DATABASE recording');
  const inside = { ...options, database: 'recording' };
  const clients = await Promise.all([connect(inside), connect(inside), connect(inside)]);
  const tape = new Tape(inside);
  try {
    return await play(it, version, tape, clients);
  } finally {
    await tape.stop();
    await clients[0].query('SELECT pg_drop_replication_slot($1)', [SLOT]);
    await Promise.all(clients.map((client) => client.end()));
    await postgres.query('DROP DATABASE recording');
    await postgres.end();
  }
}

async function play(it: Case, version: number, tape: Tape, clients: readonly pg.Client[]): Promise<Recording> {
  const [one, two, three] = clients.map((client) => async (...statements: readonly string[]) => {
    for (const statement of statements) await client.query(statement);
  }) as [Workshop['sql'], Workshop['sql'], Workshop['sql']];
  const ask = async (sql: string) =>
    (await (clients[0] as pg.Client).query({ text: sql, rowMode: 'array', types: asText })).rows as (string | null)[][];
  const clock = async () => Number((await ask('SELECT extract(epoch FROM clock_timestamp()) * 1000'))[0]?.[0]);

  await one(...it.setup, `CREATE PUBLICATION recorded ${publicationOf(it, version)}`);
  const twoPhase = it.twoPhase ? ', false, true' : '';
  await one(`SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput'${twoPhase})`);
  await tape.start(settingsOf(it, version));
  const began = await clock();
  const seen = (tag: string, times: number) => until(() => tape.count(tag) >= times, `${times} of '${tag}'`);
  await it.run({ sql: one, second: two, third: three, seen, version });
  await tape.reach((await ask('SELECT pg_current_wal_flush_lsn()'))[0]?.[0] ?? '');
  return {
    case: it.name,
    server: (await ask('SHOW server_version'))[0]?.[0] ?? '',
    protocol: it.protocol ?? 1,
    parallel: it.streaming === 'parallel',
    began,
    ended: await clock(),
    rows: it.select ? await ask(it.select) : [],
    frames: [...tape.frames, tape.keepalive ?? Buffer.alloc(0)].map((frame) => frame.toString('base64')),
  };
}

const asText = { getTypeParser: () => (value: string | Buffer) => String(value) } as unknown as pg.CustomTypesConfig;

const publicationOf = (it: Case, version: number): string =>
  typeof it.publication === 'function' ? it.publication(version) : it.publication;
