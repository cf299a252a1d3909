import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Pg2anyError } from '../model/error.ts';

/** Only the owner: passwords, or what tells where servers are. */
const OWNER_ONLY = 0o600;

export const readIfThere = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** Whole or not at all, and never readable by others meanwhile. */
export function writePrivately(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode: OWNER_ONLY, flag: 'wx' });
    chmodSync(temporary, OWNER_ONLY);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Pg2anyError('CONFIG_INVALID', `cannot write ${path}: ${(error as Error).message}`, {
      hint: 'Run pg2any in a folder that you may write to.',
      cause: error,
    });
  }
}
