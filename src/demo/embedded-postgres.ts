import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { type PostgresVersion, postgresBinaries } from './postgres-binaries.ts';
import { isReady, prepareData } from './postgres-data.ts';
import { handOver, makeServerFolder, readNumber } from './server-folder.ts';
import { logTail, removeFolder, type ServerProcess, startServer } from './server-process.ts';
import { type ServerUser, serverUser } from './server-user.ts';

export type { PostgresVersion } from './postgres-binaries.ts';

/** PostgreSQL's words: smart waits for clients, fast ends them, immediate leaves recovery to the next start. */
export type StopMode = 'smart' | 'fast' | 'immediate';

export interface EmbeddedOptions {
  readonly version?: PostgresVersion;
  /** Kept at stop when given; a temporary folder, removed at stop, otherwise. */
  readonly dataDir?: string;
  /** Server settings over those that logical replication needs. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Ends the server when it fires. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  /** Of the superuser, with its password: never print it. */
  readonly url: string;
  readonly port: number;
  readonly version: PostgresVersion;
  readonly dataDir: string;
  /** Where the Unix socket is. */
  readonly socketDir: string;
  /** Changes with every start. */
  readonly pid: number;
  /** For good: removes the temporary folders. */
  stop(mode?: StopMode): Promise<void>;
  /** Down, with the data kept, until start(). */
  pause(mode?: StopMode): Promise<void>;
  /** Same data, same port; settings are added to the earlier ones. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  restart(mode?: StopMode, settings?: Readonly<Record<string, string>>): Promise<void>;
  /** kill -9 of the postmaster; start() recovers. */
  kill(): Promise<void>;
}

const SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

const REPLICATION: Readonly<Record<string, string>> = {
  wal_level: 'logical',
  max_wal_senders: '20',
  max_replication_slots: '20',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

interface Cluster {
  readonly binaries: string;
  readonly dataDir: string;
  readonly folder: string;
  readonly socketDir: string;
  readonly user: ServerUser | null;
  settings: Record<string, string>;
}

/** A real PostgreSQL of our own on a free loopback port. It ends with this process, however that ends. */
export async function startEmbeddedPostgres(options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const version = options.version ?? 18;
  options.signal?.throwIfAborted();
  const user = serverUser();
  const binaries = await postgresBinaries(version);
  const folder = makeServerFolder(user);
  const dataDir = options.dataDir === undefined ? join(folder, 'data') : resolve(options.dataDir);
  const socketDir = join(folder, 'socket');
  mkdirSync(socketDir);
  const settings = { ...REPLICATION, ...options.settings };
  const cluster: Cluster = { binaries, dataDir, folder, socketDir, user, settings };
  try {
    await handOver(folder, user);
    const password = await prepareData({ binaries, dataDir, version, user });
    const { port, server } = await firstStart(cluster);
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    return embedded(cluster, server, { url, port, version }, options.signal);
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

function embedded(
  cluster: Cluster,
  first: ServerProcess,
  facts: { url: string; port: number; version: PostgresVersion },
  signal: AbortSignal | undefined,
): EmbeddedPostgres {
  let server = first;
  const { dataDir, socketDir } = cluster;
  const down = (mode: StopMode = 'fast') => server.end(SIGNALS[mode]);
  const start = async (settings: Readonly<Record<string, string>> = {}) => {
    cluster.settings = { ...cluster.settings, ...settings };
    server = await launch(cluster, facts.port);
  };
  const stop = async (mode: StopMode = 'fast') => {
    signal?.removeEventListener('abort', abort);
    await down(mode);
    removeFolder(cluster.folder);
  };
  const abort = () => void stop('immediate');
  signal?.addEventListener('abort', abort, { once: true });
  return {
    ...facts,
    dataDir,
    socketDir,
    get pid() {
      return server.pid;
    },
    stop,
    pause: down,
    start,
    async restart(mode, settings) {
      await down(mode);
      await start(settings);
    },
    kill: () => server.end('SIGKILL'),
  };
}

/** Another process may take the port between our look and the server's bind. */
async function firstStart(cluster: Cluster): Promise<{ port: number; server: ServerProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, server: await launch(cluster, port) };
    } catch (error) {
      if (attempt === 5 || !logTail(cluster.folder).includes('could not bind')) throw error;
    }
  }
}

async function launch(cluster: Cluster, port: number): Promise<ServerProcess> {
  // After kill -9 the children of the postmaster end by themselves, a moment later; until then it refuses to start.
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOnce(cluster, port);
    } catch (error) {
      const held = String(error).includes('still in use') || String(error).includes('shared memory');
      if (attempt === 50 || !held) throw error;
      await pause(100);
    }
  }
}

function launchOnce(cluster: Cluster, port: number): Promise<ServerProcess> {
  const { binaries, dataDir, folder, socketDir, user } = cluster;
  const fixed = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: socketDir };
  const settings = Object.entries({ ...cluster.settings, ...fixed }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  return startServer({
    command: join(binaries, 'bin', 'postgres'),
    args: ['-D', dataDir, ...settings],
    folder,
    user,
    env: { LC_ALL: 'C', PGDATA: dataDir },
    ready: () => isReady(dataDir, readNumber(join(folder, 'pid'))),
  });
}
