import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runTool } from '../../src/demo/run-tool.ts';
import { aptInstall } from './debian.ts';
import { type Installation, type PrivateMysql, startMysqlFamily } from './mysql-family.ts';

/** The machine's own MariaDB binaries in a private instance; as root they are installed when missing. */
export async function startMariadb(flags: readonly string[] = []): Promise<PrivateMysql> {
  if (!onPath('mariadbd')) {
    if (process.getuid?.() !== 0) throw new Error('mariadbd is not installed (Debian package mariadb-server)');
    await aptInstall('mariadb-server');
  }
  return startMysqlFamily(installation(), flags);
}

function installation(): Installation {
  return {
    server: [onPath('mariadbd') ?? 'mariadbd', '--no-defaults'],
    flags: [],
    async initialise(dataDir, tmpDir, user) {
      const account = user ? [`--user=${user.name}`] : [];
      const login = ['--auth-root-authentication-method=normal', '--skip-test-db'];
      // Neither the machine's name nor a TMPDIR that only root can enter matters to a server on loopback.
      const apart = ['--force', `--tmpdir=${tmpDir}`];
      await runTool('mariadb-install-db', ['--no-defaults', `--datadir=${dataDir}`, ...account, ...login, ...apart], {
        cwd: dataDir,
      });
    },
  };
}

/** Servers live in sbin folders, which a user's PATH often leaves out. */
function onPath(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/libexec'];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}
