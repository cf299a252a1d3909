import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';
import { reachable, type ServerUser, serverUser } from './server-user.ts';

const PREFIX = 'pg2any-server-';

/** A private folder for one server (socket, log, data), marked with the process that owns it. */
export function makeServerFolder(user: ServerUser | null): string {
  sweepLeftovers();
  const folder = mkdtempSync(join(serverTemp(user), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

function serverTemp(user: ServerUser | null): string {
  const folder = tmpdir();
  return reachable(folder, user) || !existsSync('/tmp') ? folder : '/tmp';
}

/** Makes a folder that belongs to the account the server runs as. */
export async function makeOwned(folder: string, user: ServerUser | null): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await handOver(folder, user);
}

export async function handOver(path: string, user: ServerUser | null): Promise<void> {
  if (user) await runTool('chown', ['-R', `${user.uid}:${user.gid}`, path]);
}

/** Ends servers and removes folders whose owner is gone: what a power cut or a kill of everything leaves behind. */
export function sweepLeftovers(): number {
  const temp = serverTemp(serverUser());
  let swept = 0;
  for (const name of readdirSync(temp)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(temp, name);
    const owner = readNumber(join(folder, 'owner'));
    if (owner === null || isAlive(owner)) continue;
    endLeftover(readNumber(join(folder, 'pid')), folder);
    rmSync(folder, { recursive: true, force: true });
    swept++;
  }
  return swept;
}

function endLeftover(pid: number | null, folder: string): void {
  // The number may belong to someone else by now: the server is known by the folder in its command line.
  if (pid !== null && commandLine(pid).includes(folder)) process.kill(pid, 'SIGKILL');
}

/** Empty where the system does not tell. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** An ended process that nobody has waited for counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return statOf(pid)?.state !== 'Z';
}

/** Empty where the system has no /proc. */
export function childrenOf(parent: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const processes = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return processes.filter((pid) => statOf(pid)?.parent === parent);
}

function statOf(pid: number): { state: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

export function readNumber(file: string): number | null {
  try {
    const number = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(number) ? null : number;
  } catch {
    return null;
  }
}
