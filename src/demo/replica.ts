import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where the demo's copy goes. */
export interface Replica {
  /** Password included: never print it. */
  readonly url: string;
  /** For people. */
  readonly name: string;
  /** The SQLite file, relative to the working directory; null for a server. */
  readonly file: string | null;
}

const FOLDER = 'demo';
const FILE = 'shop.sqlite';

/** A fresh SQLite file in `./demo`, or the destination the user named. */
export function chooseReplica(destination: string | null, cwd = process.cwd()): Replica {
  if (destination !== null) return { url: destination, name: printable(destination), file: null };
  const folder = resolve(cwd, FOLDER);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, FILE);
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
  const shown = `./${relative(cwd, file)}`;
  return { url: `sqlite://${pathToFileURL(file).pathname}`, name: `SQLite ${shown}`, file: shown };
}

/** The URL without user, password and parameters. */
function printable(text: string): string {
  if (!URL.canParse(text)) return 'the destination';
  const { protocol, host, pathname } = new URL(text);
  return host ? `${protocol}//${host}${pathname}` : `${protocol}${pathname}`;
}

/**
 * The configuration of every pg2any the demo runs, as environment. The slot has a name of its own, so that a demo that
 * could not clean up is not in the way of the next one.
 */
export function environmentFor(sourceUrl: string, replica: Replica): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CDC_'));
  const slot = `pg2any_demo_${randomBytes(4).toString('hex')}`;
  return {
    ...Object.fromEntries(inherited),
    CDC_SOURCE_URL: sourceUrl,
    CDC_DEST_URL: replica.url,
    CDC_REPLICATION_SLOT: slot,
    CDC_PUBLICATION: slot,
    // Somebody is looking on: a destination that does not answer is said soon.
    CDC_STARTUP_TIMEOUT: '3s',
  };
}
