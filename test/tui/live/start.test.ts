import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** What runs when it is loaded: types and `await import` do not. */
const STATIC = /^(?:import|export)\s(?!type\b)(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm;

function packagesOf(path: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const names = [...readFileSync(path, 'utf8').matchAll(STATIC)].map(([, name = '']) => name);
  return names.flatMap((name) => (name.startsWith('.') ? packagesOf(join(dirname(path), name), seen) : [name]));
}

test('the first frame does not wait until Ink is loaded', () => {
  expect(packagesOf('src/tui/mount.tsx')).toContain('ink');
  expect(packagesOf('src/tui/live/index.ts')).not.toContain('ink');
  expect(packagesOf('src/tui/live/index.ts')).not.toContain('react');
  expect(packagesOf('src/tui/wizard/index.ts')).not.toContain('ink');
});

test('a command that shows nothing loads neither', () => {
  for (const path of [
    'src/cli/main.ts',
    'src/cli/at-terminal.ts',
    'src/cli/headless.ts',
    'src/cli/commands/replicate.ts',
  ])
    expect(packagesOf(path)).not.toContain('ink');
});
