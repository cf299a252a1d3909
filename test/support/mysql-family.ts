import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { freePort } from '../../src/demo/free-port.ts';
import { handOver, makeOwned, makeServerFolder } from '../../src/demo/server-folder.ts';
import { logTail, removeFolder, type ServerProcess, startServer } from '../../src/demo/server-process.ts';
import { type ServerUser, serverUser } from '../../src/demo/server-user.ts';

/** A command and the arguments that come before all others. */
export type Command = readonly [string, ...string[]];

export interface Installation {
  readonly server: Command;
  /** Fills an empty data folder with the system tables and a root without a password. */
  initialise(dataDir: string, tmpDir: string, user: ServerUser | null): Promise<void>;
  readonly flags: readonly string[];
}

/** A private MariaDB or MySQL: own data folder, own port, loopback only. It ends with this process. */
export interface PrivateMysql {
  /** Of root, with its password and no database. */
  readonly url: string;
  readonly port: number;
  /** As the server says it: 10.11.x-MariaDB, 9.x.y. */
  readonly version: string;
  readonly dataDir: string;
  readonly pid: number;
  /** A clean shutdown; start() brings the same data back on the same port. */
  pause(): Promise<void>;
  /** kill -9; start() recovers. */
  kill(): Promise<void>;
  /** Flags are added to the earlier ones. */
  start(flags?: readonly string[]): Promise<void>;
  /** For good: removes everything. */
  stop(): Promise<void>;
}

const FLAGS = ['--bind-address=127.0.0.1', '--local-infile=1', '--innodb-buffer-pool-size=64M', '--skip-name-resolve'];

export async function startMysqlFamily(
  installation: Installation,
  flags: readonly string[] = [],
): Promise<PrivateMysql> {
  const user = serverUser(['mysql', 'nobody']);
  const folder = makeServerFolder(user);
  const [dataDir, tmpDir] = [join(folder, 'data'), join(folder, 'tmp')];
  const password = randomBytes(12).toString('hex');
  try {
    await makeOwned(dataDir, user);
    await makeOwned(tmpDir, user);
    await installation.initialise(dataDir, tmpDir, user);
    writeFileSync(join(folder, 'init.sql'), rootLogin(password), { mode: 0o600 });
    await handOver(folder, user);
    let all = [...FLAGS, ...installation.flags, ...flags];
    const { port, server } = await firstStart(installation, { folder, user, password }, all);
    let current = server;
    const url = urlOf(port, password);
    return {
      url,
      port,
      version: await versionOf(url),
      dataDir,
      get pid() {
        return current.pid;
      },
      pause: () => current.end('SIGTERM'),
      kill: () => current.end('SIGKILL'),
      async start(more = []) {
        all = [...all, ...more];
        current = await launch(installation, { folder, user, password }, all, port);
      },
      async stop() {
        await current.end('SIGTERM');
        removeFolder(folder);
      },
    };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/** Runs at every start, before the server takes connections. */
function rootLogin(password: string): string {
  return [
    `CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';`,
    `ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;`,
    '',
  ].join('\n');
}

interface Place {
  readonly folder: string;
  readonly user: ServerUser | null;
  readonly password: string;
}

async function firstStart(
  installation: Installation,
  place: Place,
  flags: readonly string[],
): Promise<{ port: number; server: ServerProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, server: await launch(installation, place, flags, port) };
    } catch (error) {
      if (attempt === 5 || !logTail(place.folder).includes('ddress already in use')) throw error;
    }
  }
}

function launch(
  installation: Installation,
  { folder, user, password }: Place,
  flags: readonly string[],
  port: number,
): Promise<ServerProcess> {
  const [command, ...before] = installation.server;
  const places = [`--datadir=${join(folder, 'data')}`, `--tmpdir=${join(folder, 'tmp')}`];
  const files = [`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'mysql.pid')}`];
  return startServer({
    command,
    args: [...before, ...places, ...files, `--init-file=${join(folder, 'init.sql')}`, `--port=${port}`, ...flags],
    folder,
    user,
    timeoutMs: 120_000,
    ready: () => versionOf(urlOf(port, password)).then(Boolean, () => false),
  });
}

function urlOf(port: number, password: string): string {
  return `mysql://root:${password}@127.0.0.1:${port}/`;
}

export async function versionOf(url: string): Promise<string> {
  const connection = await createConnection({ uri: url, connectTimeout: 5000 });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return (rows as { version: string }[])[0]?.version ?? '';
  } finally {
    await connection.end();
  }
}
