import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';
import { reachable, type ServerUser, serverUser } from './server-user.ts';

const PREFIX = 'pg2any-server-';
/** After which a folder counts as left behind although its owner cannot be asked. */
const DAY_MS = 86_400_000;

/** A private folder for one server (socket, log, data), marked with the process that owns it. */
export function makeServerFolder(user: ServerUser | null): string {
  sweepLeftovers();
  const folder = mkdtempSync(join(serverTemp(user), PREFIX));
  writeFileSync(join(folder, 'owner'), `${process.pid} ${processNamespace()}`);
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
    if (!isLeftBehind(folder)) continue;
    endLeftover(readNumber(join(folder, 'pid')), folder);
    rmSync(folder, { recursive: true, force: true });
    swept++;
  }
  return swept;
}

function isLeftBehind(folder: string): boolean {
  const owner = readNumber(join(folder, 'owner'));
  if (owner === null) return false;
  const namespace = readFileSync(join(folder, 'owner'), 'utf8').split(' ')[1];
  if (namespace === undefined || namespace === processNamespace()) return !isAlive(owner);
  // A container that shares /tmp counts its processes itself: its owner looks gone from here.
  return Date.now() - statSync(folder).mtimeMs > DAY_MS;
}

/** Empty where the system does not tell. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
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
