/**
 * One measured run in a process of its own, so that CPU time and memory are its alone.
 *   drain: reads a slot up to a position, decodes nothing. The fastest any reader can be fed.
 *   replicate: the product, from the same slot into a destination.
 * The product is the built one: a loader that compiles on the fly slows every call.
 * Arguments: one JSON object (see `Job`). Prints one JSON object (see `Measured`) as its last line.
 */
import { parseLsn } from '../../dist/model/lsn.js';
import type { SourceOptions, StreamOptions } from '../../dist/model/source.js';
import { run } from '../../dist/replication.js';
import { openEndpoint } from '../../dist/serve/endpoint.js';
import { Transport } from '../../dist/source/transport.js';
import { onlyTables } from '../../dist/transform/filter.js';
import { openByUrl } from './open.ts';

export interface Job {
  readonly mode: 'drain' | 'replicate' | 'copy';
  readonly source: string;
  readonly destination: string | null;
  readonly slot: string;
  readonly from: string;
  /** Null with `stopAfterRows`, and for a copy. */
  readonly until: string | null;
  readonly stopAfterRows?: number;
  readonly batchRows?: number;
  /** Name of a column with clock_timestamp() whose age at the time its row is durable is measured. */
  readonly stamp?: number;
  /** Where probes and metrics are answered meanwhile. */
  readonly httpPort?: number;
}

export interface Measured {
  readonly seconds: number;
  readonly events: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly latenciesMs: readonly number[];
}

function sourceOptions(text: string): SourceOptions {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    sslMode: 'disable',
    sslRootCert: null,
    connectTimeoutMs: 10_000,
    queryTimeoutMs: 60_000,
  };
}

const streamOptions = (slot: string): StreamOptions => ({
  slot,
  publication: 'bench',
  tables: null,
  failover: false,
  origin: 'any',
  protocolVersion: 1,
  heartbeatMs: 10_000,
  maxStallMs: 30_000,
  senderTimeoutMs: 60_000,
  slotTimeoutMs: 10_000,
});

interface Span {
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const cpuSince = (start: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

async function drain(job: Job): Promise<Span> {
  const until = parseLsn(job.until ?? '0/0');
  const started = performance.now();
  const cpu = process.cpuUsage();
  const transport = await Transport.start(
    sourceOptions(job.source),
    streamOptions(job.slot),
    150000,
    parseLsn(job.from),
  );
  let events = 0;
  while (transport.receivedLsn < until) {
    const taken = await transport.inbox.take(new AbortController().signal);
    transport.taken();
    for (const { bounds } of taken ?? []) events += bounds.length / 2;
  }
  const seconds = (performance.now() - started) / 1000;
  await transport.close();
  return { events, seconds, cpuSeconds: cpuSince(cpu) };
}

type OnLook = NonNullable<Parameters<typeof run>[1]>['onLook'] & {};
type Seen = Parameters<OnLook>;

/** Opens the endpoint as the command line does, and shows there what it is told. */
async function answering(port: number, slot: string): Promise<OnLook> {
  let seen: Seen | null = null;
  const view = {
    get look() {
      const [look] = seen ?? [];
      return look ? () => look(null) : null;
    },
    get applied() {
      return seen?.[1] ?? null;
    },
    events: [],
    build: { name: 'bench', version: '0', node: process.version, platform: process.platform, startedAt: '' },
    slot,
    readyLagMs: 60_000,
  };
  await openEndpoint({ host: '127.0.0.1', port, view, overview: async () => ({}), hide: (text) => text });
  return (...told) => {
    seen = told;
  };
}

async function replicate(job: Job, latencies: number[]): Promise<Span> {
  const onLook = job.httpPort === undefined ? undefined : await answering(job.httpPort, job.slot);
  const stop = new AbortController();
  const open = async () => {
    const destination = await openByUrl(job.destination ?? '');
    if (job.stamp === undefined) return destination;
    const column = job.stamp;
    return Object.assign(Object.create(destination), {
      async apply(batch: Parameters<typeof destination.apply>[0]) {
        await destination.apply(batch);
        const now = Date.now();
        for (const change of batch.changes) {
          if (change.kind === 'insert')
            latencies.push(now - Date.parse(String(change.after[column]).replace('+00', 'Z')));
        }
        if (latencies.length >= (job.stopAfterRows ?? Number.POSITIVE_INFINITY)) stop.abort();
      },
    }) as typeof destination;
  };
  const mark = job.mode === 'copy' ? 'copy.started' : 'streaming';
  let started = performance.now();
  let cpu = process.cpuUsage();
  const status = await run(
    {
      source: sourceOptions(job.source),
      stream: streamOptions(job.slot),
      openDestination: open,
      startupMs: 5000,
      pipeline: {
        slot: job.slot,
        publication: 'bench',
        snapshot: job.mode === 'copy' ? 'only' : 'never',
        until: job.until === null ? null : parseLsn(job.until),
        transform: onlyTables(null),
        limits: { rows: job.batchRows ?? 10_000, bytes: 8 * 1024 * 1024 },
      },
    },
    {
      signal: stop.signal,
      ...(onLook ? { onLook } : {}),
      onEvent: (event) => {
        if (event.event === mark) {
          started = performance.now();
          cpu = process.cpuUsage();
        }
        if (event.severity === 'warn' || event.severity === 'error') console.error(event.message);
      },
    },
  );
  const events = status.totals.rows + status.totals.copiedRows;
  return { events, seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSince(cpu) };
}

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const latenciesMs: number[] = [];
const span = job.mode === 'drain' ? await drain(job) : await replicate(job, latenciesMs);
const measured: Measured = { ...span, rssMb: process.resourceUsage().maxRSS / 1024, latenciesMs };
process.stdout.write(`${JSON.stringify(measured)}\n`);
process.exit(0);
