import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runTool } from './run-tool.ts';
import { commandLine, handOver, isAlive, makeOwned, readNumber } from './server-folder.ts';
import { reachable, type ServerUser } from './server-user.ts';

export interface DataFolder {
  readonly binaries: string;
  readonly dataDir: string;
  readonly version: number;
  readonly user: ServerUser | null;
}

/** Makes the data folder, or takes over one we made before; gives the password of the superuser `postgres`. */
export async function prepareData(data: DataFolder): Promise<string> {
  if (!reachable(join(data.dataDir, '..'), data.user)) {
    throw new Error(`the account ${data.user?.name} that runs PostgreSQL cannot enter the folder of ${data.dataDir}`);
  }
  if (!existsSync(join(data.dataDir, 'PG_VERSION'))) return createCluster(data);
  const found = readNumber(join(data.dataDir, 'PG_VERSION'));
  if (found !== data.version) throw new Error(`${data.dataDir} holds PostgreSQL ${found}, not ${data.version}`);
  await endOrphan(data.dataDir);
  return readFileSync(passwordFile(data), 'utf8');
}

/** Lies inside the data folder, which only the server's account can read. */
function passwordFile(data: DataFolder): string {
  return join(data.dataDir, 'pg2any.password');
}

async function createCluster(data: DataFolder): Promise<string> {
  const password = randomBytes(16).toString('hex');
  await makeOwned(data.dataDir, data.user);
  const given = `${data.dataDir}.password`;
  writeFileSync(given, password, { mode: 0o600 });
  await handOver(given, data.user);
  try {
    await initdb(data, given);
  } finally {
    rmSync(given, { force: true });
  }
  writeFileSync(passwordFile(data), password, { mode: 0o600 });
  await handOver(passwordFile(data), data.user);
  return password;
}

async function initdb(data: DataFolder, passwordFile: string): Promise<void> {
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const text = ['--encoding=UTF8', '--locale=C', '--no-sync'];
  const account = data.user ? { uid: data.user.uid, gid: data.user.gid } : {};
  await runTool(join(data.binaries, 'bin', 'initdb'), [...login, ...text, '-D', data.dataDir], {
    ...account,
    cwd: join(data.dataDir, '..'),
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  });
}

/** A server that outlived its owner still holds the data folder; its pid is the first line of postmaster.pid. */
async function endOrphan(dataDir: string): Promise<void> {
  const pid = readNumber(join(dataDir, 'postmaster.pid'));
  if (pid === null || !isAlive(pid)) return;
  const command = commandLine(pid);
  if (command !== '' && !command.includes(dataDir)) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    const deadline = Date.now() + 10_000;
    while (isAlive(pid) && Date.now() < deadline) await pause(50);
    if (!isAlive(pid)) return;
  }
  throw new Error(`an earlier PostgreSQL (pid ${pid}) still runs on ${dataDir} and does not stop`);
}

/** The eighth line of postmaster.pid says `ready` once connections are taken. */
export function isReady(dataDir: string, pid: number | null): boolean {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
