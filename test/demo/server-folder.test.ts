import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAlive, sweepLeftovers } from '../../src/demo/server-folder.ts';
import { until } from '../support/wait.ts';

/** The number of a process that is gone. */
const gone = (): string => String(spawnSync('true').pid);

function leftover(owner: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-server-'));
  writeFileSync(join(folder, 'owner'), owner);
  return folder;
}

it('removes the folder and ends the server of an owner that is gone', async () => {
  const folder = leftover(gone());
  const server = spawn('sh', ['-c', 'read -r _', folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  writeFileSync(join(folder, 'pid'), String(server.pid));
  sweepLeftovers();
  expect(existsSync(folder)).toBe(false);
  await until(() => !isAlive(server.pid ?? 0), { what: 'the server to end' });
});

it('spares a stranger that got the number of the server since', () => {
  const folder = leftover(gone());
  writeFileSync(join(folder, 'pid'), String(process.pid));
  sweepLeftovers();
  expect(existsSync(folder)).toBe(false);
});

it('spares the folders of owners that live', () => {
  const folder = leftover(String(process.pid));
  sweepLeftovers();
  expect(existsSync(folder)).toBe(true);
  rmSync(folder, { recursive: true });
});

it('spares the folders of another container for a day, whose owners it cannot see', () => {
  const folder = leftover(`${gone()} pid:[1]`);
  sweepLeftovers();
  expect(existsSync(folder)).toBe(true);
  const yesterday = new Date(Date.now() - 86_500_000);
  utimesSync(folder, yesterday, yesterday);
  sweepLeftovers();
  expect(existsSync(folder)).toBe(false);
});

it.runIf(existsSync('/proc/self/ns/pid'))('clears up after owners of this very container', () => {
  const folder = leftover(`${gone()} ${readlinkSync('/proc/self/ns/pid')}`);
  sweepLeftovers();
  expect(existsSync(folder)).toBe(false);
});
