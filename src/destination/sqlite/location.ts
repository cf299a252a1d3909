import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Pg2anyError } from '../../model/error.ts';

/**
 * The file a URL names: `sqlite:///abs/path.db` is absolute, `sqlite:relative.db` and `sqlite://relative.db` are
 * relative to the working directory. Throws CONFIG_INVALID where there is no file in it.
 */
export function fileOf(url: URL, workingDirectory: string): string {
  const path = decodeURIComponent(`${url.host}${url.pathname}`).replace(/^\/([A-Za-z]:)/, '$1');
  if (path === '' || path === '/' || path.startsWith(':memory:'))
    throw new Pg2anyError('CONFIG_INVALID', 'a SQLite destination needs a file, such as sqlite:///var/lib/shop.db');
  return resolve(workingDirectory, path);
}

const exists = (path: string) => statSync(path, { throwIfNoEntry: false });

/** Throws, in words, where a database file cannot be opened or created. Says whether it is there. */
export function checkLocation(file: string): boolean {
  const folder = dirname(file);
  if (!exists(folder)?.isDirectory())
    throw new Pg2anyError('DESTINATION_UNSUITABLE', `the folder ${folder} does not exist`, {
      hint: `Create it (mkdir -p '${folder}') or choose another file.`,
    });
  const found = exists(file);
  if (found?.isDirectory()) throw new Pg2anyError('DESTINATION_UNSUITABLE', `${file} is a folder, not a file`);
  // the folder, too: the write-ahead log is a file beside the database
  if (found) mayWrite(file);
  mayWrite(folder);
  return found !== undefined;
}

function mayWrite(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    const hint = `Give the user that runs pg2any read and write access to ${path}.`;
    throw new Pg2anyError('DESTINATION_PRIVILEGE', `${path} may not be written`, { hint, cause });
  }
}

/** Tells a file from another one under the same name; null where there is none. */
export function identityOf(file: string): string | null {
  const found = exists(file);
  return found ? `${found.dev}:${found.ino}` : null;
}
