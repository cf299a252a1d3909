import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/pg2any.js', import.meta.url));
const PID = 'pid';

/** Whether there is `script` of util-linux, which gives a program a terminal. */
export const hasTerminals = (): boolean => spawnSync('script', ['--version']).status === 0;

/** `pg2any replicate` on a terminal of its own, in this folder. */
export function atTerminal(folder: string, words: readonly string[]): ChildProcess {
  rmSync(join(folder, PID), { force: true });
  const command = [process.execPath, BIN, 'replicate', ...words].map((word) => `'${word}'`).join(' ');
  const { CI, ...environment } = process.env;
  return spawn('script', ['-qfec', `stty cols 120 rows 40; echo $$ > ${PID}; exec ${command}`, '/dev/null'], {
    cwd: folder,
    env: { ...environment, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Of the program that was started there last; throws before it runs. */
export const pidIn = (folder: string): number => Number(readFileSync(join(folder, PID), 'utf8'));
