import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { built } from '../support/program.ts';

/**
 * Node alone takes some 60 ms where help may take 150. What a driver, React or the parser of the flags costs is more
 * than what lies between.
 */
const AT_MOST = 2.2;
const ROUNDS = 40;

function milliseconds(words: readonly string[]): number {
  const started = performance.now();
  expect(spawnSync(process.execPath, words, { stdio: 'ignore' }).status).toBe(0);
  return performance.now() - started;
}

/** The fastest of each, taken in turns until that is clear: what else the machine does only ever adds. */
test.each(['', ...COMMANDS.map(({ name }) => name)])(
  'pg2any %s --help starts hardly later than node itself',
  async (name) => {
    const program = await built();
    let node = Number.POSITIVE_INFINITY;
    let help = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS && (round < 3 || help / node > AT_MOST); round++) {
      node = Math.min(node, milliseconds(['-e', '0']));
      help = Math.min(help, milliseconds([program, ...(name ? [name] : []), '--help']));
    }
    expect(help / node).toBeLessThan(AT_MOST);
  },
);
