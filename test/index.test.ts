import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
// The package by its own name: `exports` and the built declarations are part of what is tested.
import { defineConfig, type LogEvent, Pg2anyError, replicate } from 'pg2any';
import { describe, expect, it } from 'vitest';
import { freshDatabase, postgres } from './support/services.ts';
import { pgRows } from './support/sql.ts';
import { until } from './support/wait.ts';

describe('the library', () => {
  it('replicates until its signal aborts, and tells what it does', async () => {
    const database = await freshDatabase(await postgres());
    await pgRows(database.url, "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'before')");
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-library-'));
    const file = join(folder, 'copy.db');
    const config = defineConfig({
      source: { url: database.url },
      destination: { url: `sqlite:${file}` },
      slot: 'library',
    });
    const stop = new AbortController();
    const events: LogEvent[] = [];
    const running = replicate(config, { signal: stop.signal, onEvent: (event) => events.push(event) });
    await until(() => events.some((event) => event.event === 'streaming'));
    await pgRows(database.url, "INSERT INTO t VALUES (2, 'after')");
    const rows = (): unknown[] =>
      new Database(file, { readonly: true }).prepare('SELECT id, v FROM t ORDER BY id').raw().all();
    await until(() => rows().length === 2);
    stop.abort();
    const status = await running;
    expect(status).toMatchObject({ phase: 'stopped', totals: { copiedRows: 1, inserts: 1 } });
    expect(rows()).toEqual([
      [1, 'before'],
      [2, 'after'],
    ]);
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it('runs to the present and resolves', async () => {
    const database = await freshDatabase(await postgres());
    await pgRows(database.url, 'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100)');
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-library-'));
    const destination = { url: `sqlite:${join(folder, 'copy.db')}` };
    const config = defineConfig({ source: { url: database.url }, destination, slot: 'library_now' });
    expect((await replicate(config, { until: 'now' })).totals.copiedRows).toBe(100);
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it('names all problems of a configuration at once, as one typed error', () => {
    const wrong = () => defineConfig({ source: { url: 'mysql://x' }, slot: 'Not A Slot' } as never);
    expect(wrong).toThrow(Pg2anyError);
    expect(wrong).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/source[\s\S]*slot|slot[\s\S]*source/),
      }),
    );
  });
});
