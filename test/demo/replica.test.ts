import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chooseReplica, environmentFor } from '../../src/demo/replica.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pg2any test '));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

it('starts from a new SQLite file and leaves everything else in the folder', () => {
  mkdirSync(join(folder, 'demo'));
  for (const name of ['shop.sqlite', 'shop.sqlite-wal', 'mine.sqlite']) writeFileSync(join(folder, 'demo', name), 'x');
  const replica = chooseReplica(null, folder);
  expect(replica.file).toBe('./demo/shop.sqlite');
  expect(decodeURIComponent(new URL(replica.url).pathname)).toBe(join(folder, 'demo/shop.sqlite'));
  expect(existsSync(join(folder, 'demo/shop.sqlite'))).toBe(false);
  expect(existsSync(join(folder, 'demo/shop.sqlite-wal'))).toBe(false);
  expect(existsSync(join(folder, 'demo/mine.sqlite'))).toBe(true);
});

it('names a server without its secrets', () => {
  const replica = chooseReplica('mysql://root:geheim@db:3307/shop?ssl=true&token=abc', folder);
  expect(replica).toMatchObject({ name: 'mysql://db:3307/shop', file: null });
  expect(chooseReplica('not a url geheim', folder).name).toBe('the destination');
  expect(existsSync(join(folder, 'demo'))).toBe(false);
});

it("keeps the user's own settings out, and uses another slot every time", () => {
  vi.stubEnv('CDC_TABLES', 'public.mine');
  vi.stubEnv('CDC_DEST_PASSWORD', 'geheim');
  const replica = chooseReplica(null, folder);
  const [a, b] = [environmentFor('postgres://a', replica), environmentFor('postgres://a', replica)];
  expect(
    Object.keys(a)
      .filter((name) => name.startsWith('CDC_'))
      .sort(),
  ).toEqual(['CDC_DEST_URL', 'CDC_PUBLICATION', 'CDC_REPLICATION_SLOT', 'CDC_SOURCE_URL', 'CDC_STARTUP_TIMEOUT']);
  expect(a.PATH).toBe(process.env.PATH);
  expect(a.CDC_REPLICATION_SLOT).not.toBe(b.CDC_REPLICATION_SLOT);
});
