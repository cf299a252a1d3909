import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import type { PostgresVersion } from '../../src/demo/postgres-binaries.ts';
import { startMariadb } from './mariadb.ts';
import { startMysql } from './mysql.ts';
import { versionOf } from './mysql-family.ts';
import { pgValue } from './sql.ts';

export type ServerName = `postgres-${PostgresVersion}` | 'mariadb' | 'mysql';

/** A server that all test files of one run share: use freshDatabase(), and change no server-wide state. */
export interface SharedServer {
  readonly name: ServerName;
  /** Of a superuser. */
  readonly url: string;
  /** As the server says it. */
  readonly version: string;
}

/** Those that must start with CI=true. */
export const CI_SERVERS: readonly ServerName[] = ['postgres-15', 'postgres-18', 'mariadb', 'mysql'];

/** Durability against power cuts is not what tests look at; room for many test files at once is. */
const POSTGRES_SETTINGS = {
  fsync: 'off',
  max_connections: '300',
  max_wal_senders: '100',
  max_replication_slots: '100',
};

interface Running {
  readonly server: SharedServer;
  stop(): Promise<void>;
}

/** Starts each server at most once, when it is first asked for. */
export class SharedServers {
  readonly #running = new Map<ServerName, Promise<Running>>();

  async get(name: ServerName): Promise<SharedServer> {
    let running = this.#running.get(name);
    if (!running) {
      running = startTwice(name);
      this.#running.set(name, running);
    }
    return (await running).server;
  }

  async stopAll(): Promise<void> {
    const all = await Promise.allSettled(this.#running.values());
    this.#running.clear();
    await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  }
}

/** A server is not what is tested: one that could not be started (a full disk, a busy mirror) is tried once more. */
async function startTwice(name: ServerName): Promise<Running> {
  return start(name).catch(async (error: unknown) => {
    process.stderr.write(
      `${name} did not start, trying once more: ${error instanceof Error ? error.message : error}\n`,
    );
    await sleep(2000);
    return start(name);
  });
}

async function start(name: ServerName): Promise<Running> {
  const given = givenUrl(name);
  if (given) {
    const version = name.startsWith('postgres') ? await pgValue(given, 'SHOW server_version') : await versionOf(given);
    return { server: { name, url: given, version }, stop: async () => undefined };
  }
  if (name === 'mariadb' || name === 'mysql') {
    const own = await (name === 'mariadb' ? startMariadb() : startMysql());
    return { server: { name, url: own.url, version: own.version }, stop: () => own.stop() };
  }
  const version = Number(name.slice('postgres-'.length)) as PostgresVersion;
  const own = await startEmbeddedPostgres({ version, settings: POSTGRES_SETTINGS });
  const server = { name, url: own.url, version: await pgValue(own.url, 'SHOW server_version') };
  return { server, stop: () => own.stop('immediate') };
}

/** CDC_TEST_POSTGRES15_URL, CDC_TEST_MARIADB_URL, …; CDC_TEST_POSTGRES_URL stands for the default version. */
function givenUrl(name: ServerName): string | undefined {
  const variable = `CDC_TEST_${name.replace('-', '').toUpperCase()}_URL`;
  return process.env[variable] ?? (name === 'postgres-18' ? process.env.CDC_TEST_POSTGRES_URL : undefined);
}
