import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which pipeline a running process works on, as its configuration names it. */
export interface Pipeline {
  readonly slot: string;
  readonly source: { readonly host: string; readonly port: number; readonly database: string };
}

/** Where processes of this user listen: a folder, and on Windows the list of named pipes. */
const PIPES = '\\\\.\\pipe\\';
const onWindows = process.platform === 'win32';

/** A Unix socket's path has 104 bytes on macOS, 108 on Linux, with the zero at its end. */
const LONGEST_PATH = 103;

const LOCAL = new Set(['localhost', '127.0.0.1', '::1']);

/** The same for every process of this pipeline, short, and free of anything that a path gives a meaning. */
export function pipelineName({ slot, source }: Pipeline): string {
  const host = LOCAL.has(source.host) ? 'localhost' : source.host;
  const text = JSON.stringify([host, source.port, source.database, slot]);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return `${onWindows ? 'pg2any-' : ''}${slot.slice(0, 16)}-${hash}`;
}

/**
 * Folders that may hold sockets, the preferred one first. A process that a supervisor started may not have the
 * XDG_RUNTIME_DIR that its owner's terminal has, so whoever looks for it looks into both.
 */
export function folders(environment: Environment): readonly string[] {
  if (onWindows) return [PIPES];
  const runtime = environment.XDG_RUNTIME_DIR;
  const own = join(tmpdir(), `pg2any-${process.getuid?.() ?? 0}`);
  return runtime && isAbsolute(runtime) ? [join(runtime, 'pg2any'), own] : [own];
}

/** Why the folder is not ours alone; null where it is. In /tmp anybody may have made it before us. */
function doubt(folder: string): string | null {
  const found = lstatSync(folder);
  if (!found.isDirectory()) return `${folder} is no folder`;
  if (found.uid !== process.getuid?.()) return `${folder} belongs to somebody else`;
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return null;
}

/** Makes the folder, for us alone. Null, or why it cannot be used. */
export function prepareFolder(folder: string): string | null {
  if (onWindows) return null;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return (error as Error).message;
  }
  return doubt(folder);
}

/** Where this process listens; null where the path would be too long. */
export function ownPath(folder: string, pipeline: Pipeline): string | null {
  const name = `${pipelineName(pipeline)}-${process.pid}`;
  if (onWindows) return PIPES + name;
  const path = join(folder, `${name}.sock`);
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : null;
}

/** Whose socket it is. */
export const pidOf = (path: string): number => Number(/-(\d+)(?:\.sock)?$/.exec(path)?.[1] ?? 0);

/** Sockets of this pipeline's processes, or of all; some may be left by processes that were killed. */
export function pathsOf(pipeline: Pipeline | null, environment: Environment): readonly string[] {
  const prefix = pipeline ? `${pipelineName(pipeline)}-` : onWindows ? 'pg2any-' : '';
  return folders(environment).flatMap((folder) => {
    try {
      if (!onWindows && doubt(folder) !== null) return [];
      return readdirSync(folder).flatMap((name) => (name.startsWith(prefix) ? [join(folder, name)] : []));
    } catch {
      return [];
    }
  });
}
