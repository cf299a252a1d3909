import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The account that database servers run as: they refuse to run as root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'mysql', 'nobody'];

/** Null when we are not root: servers then run as ourselves. */
export function serverUser(candidates: readonly string[] = CANDIDATES): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map(account);
  for (const name of candidates) {
    const found = accounts.find((user) => user?.name === name);
    if (found) return found;
  }
  throw new Error(
    `as root, a database server needs an unprivileged account to run as: one of ${candidates.join(', ')}`,
  );
}

function account(line: string): ServerUser | null {
  const [name, , uid, gid] = line.split(':');
  return name && uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : null;
}

/** Whether that account can enter the folder: every step down to it must let it through. */
export function reachable(folder: string, user: ServerUser | null): boolean {
  if (user === null) return true;
  let step = resolve(folder);
  for (;;) {
    if (!enterable(step, user)) return false;
    const parent = dirname(step);
    if (parent === step) return true;
    step = parent;
  }
}

function enterable(folder: string, user: ServerUser): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return true;
  if (found.uid === user.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === user.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
}
