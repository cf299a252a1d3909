import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cached, cacheFolder } from '../../src/demo/cache.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pg2any-cache-test-'));
  vi.stubEnv('PG2ANY_CACHE', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

it('fills once and keeps', async () => {
  const fill = vi.fn(async (folder: string) => writeFileSync(join(folder, 'file'), 'x'));
  const first = await cached('thing', fill);
  expect(await cached('thing', fill)).toBe(first);
  expect(fill).toHaveBeenCalledTimes(1);
  expect(readdirSync(root)).toEqual(['thing']);
});

it('survives two fetches at the same time', async () => {
  const fill = async (folder: string) => writeFileSync(join(folder, 'file'), folder);
  const both = await Promise.all([cached('thing', fill), cached('thing', fill)]);
  expect(both).toEqual([join(root, 'thing'), join(root, 'thing')]);
  expect(readdirSync(root)).toEqual(['thing']);
});

it('leaves nothing of a fetch that failed', async () => {
  const failing = cached('thing', () => Promise.reject(new Error('no network')));
  await expect(failing).rejects.toThrow('no network');
  expect(readdirSync(root)).toEqual([]);
});

it('opens its own folder to the account of the servers, and avoids one below a closed folder', () => {
  const user = { name: 'nobody', uid: 65534, gid: 65534 };
  expect(cacheFolder(user)).toBe(root);
  expect(statSync(root).mode & 0o055).toBe(0o055);
  const closed = join(root, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o700);
  vi.stubEnv('PG2ANY_CACHE', join(closed, 'cache'));
  expect(cacheFolder(user).startsWith(closed)).toBe(false);
  expect(existsSync(join(closed, 'cache'))).toBe(false);
});
