import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { pg2any } from '../support/program.ts';
import { isThere, type Shell, TypedShell } from '../support/typed-shell.ts';

const READ: Readonly<Record<Shell, string>> = {
  bash: 'source ./script',
  zsh: 'source ./script',
  fish: 'source ./script',
};

describe.each(['bash', 'zsh', 'fish'] as const)('Tab in %s', (shell) => {
  if (!isThere(shell)) {
    console.error(`\n*** SKIPPED: completion in ${shell}: this machine has no ${shell}, or no script(1)\n`);
    it.skip(`everything: there is no ${shell}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-tab-'));
  let typed: TypedShell;

  beforeAll(async () => {
    const { code, stdout, stderr } = await pg2any(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    writeFileSync(join(folder, 'script'), stdout);
    writeFileSync(join(folder, 'my shop.yaml'), '');
    typed = await TypedShell.start(shell, folder, [READ[shell]]);
  });

  afterAll(async () => {
    typed?.end();
    // the shell may still be writing; the synchronous one does not try again where a folder is not empty
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  test.each([
    ['repl\t', 'replicate'],
    ['verify --tab\tpublic.orders --js\t', 'verify --table public.orders --json'],
    ['replicate --snap\tnev\t', 'replicate --snapshot never'],
    ['replicate --snapshot=o\t', 'replicate --snapshot only'],
    ['replicate --until\tn\t', 'replicate --until now'],
    ['replicate --env --no\t', 'replicate --env --no-tui'],
    ['config s\t', 'config show'],
    ['completion z\t', 'completion zsh'],
    ['help veri\t', 'help verify'],
    ['check --he\t', 'check --help'],
    ['--vers\t', '--version'],
  ])('%j comes to %j', async (keys, expected) => {
    const words = await typed.words(`pg2any ${keys}`);
    expect(words.flatMap((word) => word.split('=')).join(' ')).toBe(`pg2any ${expected}`);
  });

  test.each(['plan --config my\t', 'plan --env my\t'])('%j finds the file, blank included', async (keys) => {
    expect((await typed.words(`pg2any ${keys}`)).join(' ').replace('=', ' ')).toMatch(/ my shop\.yaml$/);
  });

  test('nothing is offered where nothing is known', async () => {
    expect(await typed.words('pg2any check --slot my\t')).toEqual(['pg2any', 'check', '--slot', 'my']);
  });
});

test.each(['bash', 'zsh', 'fish'])('the script for %s knows every command and every option', async (shell) => {
  const { stdout } = await pg2any(['completion', shell]);
  for (const { name, load } of COMMANDS) {
    expect(stdout).toContain(name);
    for (const flag of (await load()).flags)
      expect(stdout).toContain(`${shell === 'fish' ? '-l ' : '--'}${flag.negated ? 'no-' : ''}${flag.name}`);
  }
});

test.each([
  [['completion'], 'none is named'],
  [['completion', 'fihs'], 'completion takes no argument "fihs"; did you mean fish?'],
])('%j is refused with exit 2 and a reason', async (words, reason) => {
  const { code, stdout, stderr } = await pg2any(words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(reason);
});
