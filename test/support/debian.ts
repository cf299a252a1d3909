import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../../src/demo/run-tool.ts';

/** Installs a package of this Debian or Ubuntu, as root. */
export async function aptInstall(name: string): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await runTool('apt-get', [...lock, 'update'], { env });
  await runTool('apt-get', [...lock, 'install', '-y', '--no-install-recommends', name], { env });
}

/**
 * Unpacks a package of Debian unstable, with everything it needs down to libc, below `folder`; nothing is installed
 * and the machine's own apt state is not touched. The mirror is the one this machine already uses.
 */
export async function unpackUnstable(name: string, folder: string): Promise<void> {
  const apt = join(folder, 'apt');
  const options = await privateApt(apt);
  await runTool('apt-get', [...options, 'update']);
  await runTool('apt-get', [...options, 'install', '--download-only', '--no-install-recommends', '-y', name]);
  const archives = join(apt, 'archives');
  for (const file of await readdir(archives)) {
    // Perl serves the packages' scripts, which do not run here.
    if (!file.endsWith('.deb') || file.includes('perl')) continue;
    await runTool('dpkg', ['-x', join(archives, file), folder]);
  }
  await rm(apt, { recursive: true, force: true });
}

async function privateApt(apt: string): Promise<string[]> {
  for (const part of ['lists/partial', 'archives/partial']) await mkdir(join(apt, part), { recursive: true });
  await writeFile(join(apt, 'sources.list'), unstableLine());
  await writeFile(join(apt, 'status'), '');
  const settings = {
    'Dir::State': apt,
    'Dir::State::lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': apt,
    'Dir::Cache::archives': join(apt, 'archives'),
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

function unstableLine(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID=debian$/m.test(release)) throw new Error('real MySQL comes from Debian unstable, and this is not Debian');
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? 'unstable';
  const found = aptSources().find((source) => source.suites.includes(suite));
  if (!found) throw new Error(`no apt source for ${suite} on this machine`);
  const keys = found.signedBy ? `[signed-by=${found.signedBy}] ` : '';
  return `deb ${keys}${found.uri} unstable main\n`;
}

interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly signedBy: string | undefined;
}

/** Both formats of sources.list(5). */
export function aptSources(root = '/etc/apt'): AptSource[] {
  const parts = join(root, 'sources.list.d');
  const files = [
    join(root, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((f) => join(parts, f)) : []),
  ];
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return file.endsWith('.sources') ? text.split(/\n\s*\n/).flatMap(stanza) : text.split('\n').flatMap(line);
    });
}

function stanza(text: string): AptSource[] {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'mi').exec(text)?.[1]?.trim();
  const uri = field('URIs')?.split(/\s+/)[0];
  const suites = field('Suites')?.split(/\s+/) ?? [];
  return uri && (field('Types') ?? '').split(/\s+/).includes('deb')
    ? [{ uri, suites, signedBy: field('Signed-By') }]
    : [];
}

function line(text: string): AptSource[] {
  const found = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(text.trim());
  if (!found) return [];
  const [, options = '', uri = '', suite = ''] = found;
  return [{ uri, suites: [suite], signedBy: /signed-by=(\S+)/i.exec(options)?.[1] }];
}
