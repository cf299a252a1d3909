import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { FreshDatabase } from './services.ts';
import { Tsql } from './tsql.ts';

/** No SQL Server can be downloaded and started here: tests run against the one that this variable names. */
const VARIABLE = 'CDC_TEST_SQLSERVER_URL';

/** A suite that needs a SQL Server; skipped, and counted as such, where none is named. */
export function describeWithSqlServer(title: string, body: (server: { readonly url: string }) => void): void {
  const url = process.env[VARIABLE];
  describe(title, () => {
    if (url) body({ url });
    else it.skip(`everything: ${VARIABLE} names no server`, () => undefined);
  });
}

/** An empty database with a name of its own, in which readers see whole transactions. */
export async function freshSqlServerDatabase(server: { readonly url: string }): Promise<FreshDatabase> {
  const name = `t_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = await Tsql.open(server.url);
  await admin.exec(`CREATE DATABASE ${name}`);
  await admin.exec(`ALTER DATABASE ${name} SET READ_COMMITTED_SNAPSHOT ON`).catch(() => undefined);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await dropWhenFree(admin, name);
    admin.close();
  };
  return { name, url: url.href, drop };
}

/** Sessions that were just closed may still be in it. */
async function dropWhenFree(admin: Tsql, name: string): Promise<void> {
  for (let left = 50; ; left -= 1) {
    try {
      return await admin.exec(`DROP DATABASE ${name}`);
    } catch (error) {
      if (left === 0) throw error;
      await pause(100);
    }
  }
}
