import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadRequest, loadConfig } from '../../src/config/load.ts';
import type { DestinationDriver } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';

const driver = (type: string, label: string, schemes: string[], defaultPort: number | null): DestinationDriver => ({
  type,
  label,
  schemes,
  defaultPort,
  example: defaultPort === null ? `${schemes[0]}:./shop.db` : `${schemes[0]}://user:password@host:${defaultPort}/shop`,
  open: () => Promise.reject(new Error('not opened in these tests')),
});

export const DRIVERS = [
  driver('mysql', 'MySQL', ['mysql', 'mariadb'], 3306),
  driver('mariadb', 'MariaDB', ['mariadb', 'mysql'], 3306),
  driver('sqlite', 'SQLite', ['sqlite', 'file'], null),
];

export const SOURCE = 'postgres://shop:pw-source@db.example:5433/shop';
export const DEST = 'mysql://replica:pw-dest@replica.example/shop';
export const MINIMAL = { CDC_SOURCE_URL: SOURCE, CDC_DEST_URL: DEST };

/** A folder that is gone after the callback. */
export function inFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-config-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const load = (request: Partial<LoadRequest>) =>
  loadConfig({ environment: {}, folder: '/nonexistent', ...request }, 'both', DRIVERS);

export const fromEnv = (environment: Readonly<Record<string, string>>) =>
  load({ env: '', environment: { ...MINIMAL, ...environment } }).config;

/** The CONFIG_INVALID message that `act` throws. */
export function problem(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Pg2anyError && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}
