import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { reachable, type ServerUser, serverUser } from './server-user.ts';

/**
 * Where downloaded servers are kept between runs: PG2ANY_CACHE, else the user's cache folder. As root the
 * account that runs the servers must be able to enter it, which it cannot below /root.
 */
export function cacheFolder(user: ServerUser | null = serverUser()): string {
  for (const folder of candidates()) {
    if (usable(folder, user)) return folder;
  }
  throw new Error('no cache folder that the database servers can read: set PG2ANY_CACHE to one');
}

function candidates(): string[] {
  const { PG2ANY_CACHE, XDG_CACHE_HOME } = process.env;
  const own = XDG_CACHE_HOME ? join(XDG_CACHE_HOME, 'pg2any') : join(homedir(), '.cache', 'pg2any');
  const fallbacks = ['/var/cache/pg2any', join(tmpdir(), 'pg2any-cache'), '/tmp/pg2any-cache'];
  return [PG2ANY_CACHE ? resolve(PG2ANY_CACHE) : own, ...fallbacks];
}

function usable(folder: string, user: ServerUser | null): boolean {
  if (!reachable(join(folder, '..'), user)) return false;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    // A folder made by mktemp keeps others out; it is ours to open.
    if (!reachable(folder, user)) chmodSync(folder, statSync(folder).mode | 0o055);
    return true;
  } catch {
    return false;
  }
}

/** The cached folder of that name; made by `fill` when missing. Safe with several processes at once. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const root = cacheFolder();
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  const half = await mkdtemp(join(root, `.${name}-`));
  const abandon = () => rmSync(half, { recursive: true, force: true });
  process.once('exit', abandon);
  try {
    await fill(half);
    chmodSync(half, 0o755);
    await rename(half, folder);
  } catch (error) {
    // Another process was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  } finally {
    process.off('exit', abandon);
    await rm(half, { recursive: true, force: true });
  }
  return folder;
}
