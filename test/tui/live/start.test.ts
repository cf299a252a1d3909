import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** What runs when it is loaded: types and `await import` do not. */
const STATIC = /^(?:import|export)\s(?!type\b)(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm;

function follow(path: string, files: Set<string>, packages: Set<string>): void {
  if (files.has(path)) return;
  files.add(path);
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(STATIC)) {
    if (name.startsWith('.')) follow(join(dirname(path), name), files, packages);
    else packages.add(name);
  }
}

function loadedBy(path: string) {
  const [files, packages] = [new Set<string>(), new Set<string>()];
  follow(path, files, packages);
  return { files: [...files], packages: [...packages] };
}

test('the live view loads no library to draw with', () => {
  const { packages } = loadedBy('src/tui/live/index.ts');
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['chalk']);
});

test('the first frame of the wizard waits for neither Ink nor a driver nor an engine', () => {
  expect(loadedBy('src/tui/wizard/mount.tsx').packages).toContain('ink');
  const { packages, files } = loadedBy('src/cli/wizard.ts');
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['chalk']);
  expect(files.filter((path) => path.startsWith('src/destination/'))).toEqual(['src/destination/registry.ts']);
});

test('a command that shows nothing loads neither', () => {
  for (const path of [
    'src/cli/main.ts',
    'src/cli/at-terminal.ts',
    'src/cli/headless.ts',
    'src/cli/commands/replicate.ts',
  ])
    expect(loadedBy(path).packages).not.toContain('ink');
});
