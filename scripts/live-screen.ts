/** Prints what the live view shows of a real run: the demo's shop under its load, copied into SQLite, in tmux. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '../src/demo/embedded-postgres.ts';
import { runLoad } from '../src/demo/load.ts';
import { Tmux } from '../test/support/tmux.ts';
import { fillShop } from './shop-server.ts';

const SIZE = { columns: 100, rows: 26 };
const RATE = 3000;
const SECONDS = 20;

/** The screen after some seconds of load. */
async function capture(terminal: Tmux, url: string): Promise<string> {
  terminal.type(`${process.execPath} ${resolve('bin/pg2any.js')} replicate; echo "exit code $?"`);
  await terminal.until('● streaming', 60_000);
  await runLoad({ url, ratePerSecond: RATE, seconds: SECONDS, onProgress: () => undefined });
  const { text } = terminal;
  terminal.press('q');
  await terminal.until('exit code 0', 60_000);
  return text;
}

execFileSync('make', ['build'], { stdio: ['ignore', 'ignore', 'inherit'] });
const server = await startEmbeddedPostgres();
const cwd = mkdtempSync(join(tmpdir(), 'pg2any-screen-'));
try {
  const url = new URL('/shop', server.url).href;
  await fillShop(server.url, url);
  const config = { source: { url }, destination: { url: 'sqlite:./shop.sqlite' }, slot: 'pg2any_shop' };
  writeFileSync(join(cwd, 'pg2any.yaml'), JSON.stringify({ ...config, publication: 'pg2any_shop' }), { mode: 0o600 });
  const terminal = new Tmux({ cwd, ...SIZE });
  try {
    console.log(await capture(terminal, url));
  } finally {
    terminal.close();
    await terminal.ended();
  }
} finally {
  await server.stop('fast');
  rmSync(cwd, { recursive: true, force: true });
}
