import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../src/demo/cache.ts';
import { runTool } from '../../src/demo/run-tool.ts';
import { unpackUnstable } from './debian.ts';
import { type Command, type Installation, type PrivateMysql, startMysqlFamily } from './mysql-family.ts';

/** Real MySQL 9 out of Debian unstable, run through its own dynamic linker: nothing is installed. */
export async function startMysql(flags: readonly string[] = []): Promise<PrivateMysql> {
  const folder = await cached('mysql-unstable', (half) => unpackUnstable('mysql-server-core', half));
  return startMysqlFamily(await installation(folder), flags);
}

async function installation(folder: string): Promise<Installation> {
  const server = await throughLinker(folder, join(folder, 'usr/sbin/mysqld'));
  const base = ['--no-defaults', `--basedir=${join(folder, 'usr')}`];
  const messages = `--lc-messages-dir=${join(folder, 'usr/share/mysql')}`;
  return {
    server: [...server, ...base],
    flags: [messages, '--mysqlx=OFF', '--skip-log-bin', '--performance-schema=OFF', '--secure-file-priv=NULL'],
    async initialise(dataDir, tmpDir, user) {
      const [command, ...before] = server;
      const account = user ? { uid: user.uid, gid: user.gid } : {};
      const args = [
        ...before,
        ...base,
        messages,
        '--initialize-insecure',
        `--datadir=${dataDir}`,
        `--tmpdir=${tmpDir}`,
      ];
      await runTool(command, args, { ...account, cwd: dataDir });
    },
  };
}

async function throughLinker(folder: string, binary: string): Promise<Command> {
  const triplet = (await readdir(join(folder, 'usr/lib'))).find((name) => name.endsWith('-linux-gnu'));
  if (!triplet) throw new Error(`no libraries below ${folder}/usr/lib`);
  const libraries = join(folder, 'usr/lib', triplet);
  const linker = (await readdir(libraries)).find((name) => /^ld-linux.*\.so\.\d$/.test(name));
  if (!linker || !existsSync(binary)) throw new Error(`${binary} or its dynamic linker is missing`);
  return [join(libraries, linker), '--library-path', libraries, binary];
}
