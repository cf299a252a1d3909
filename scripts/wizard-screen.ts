/** Prints what the wizard shows of a real run over the demo's shop: the check before the start, in tmux. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '../src/demo/embedded-postgres.ts';
import { built } from '../test/support/program.ts';
import { Tmux } from '../test/support/tmux.ts';
import { connected, fillShop } from './shop-server.ts';

const SIZE = { columns: 100, rows: 26 };

/** The screen of the preflight, with everything that was answered before it. */
async function capture(terminal: Tmux, url: string): Promise<string> {
  terminal.type(`clear; ${process.execPath} ${resolve('bin/pg2any.js')}; echo "exit code $?"`);
  await terminal.until('enter connect');
  for (const [text, next] of [
    [url, '◆  Destination'],
    ['sqlite:./shop.sqlite', /◆ +Tables +\d+ of/],
  ] as const) {
    terminal.paste(text);
    await terminal.until(text.slice(-8));
    terminal.press('Enter');
    await terminal.until(next);
  }
  terminal.press('Enter');
  await terminal.until(/will be created[\s\S]*will be created/);
  terminal.press('Enter');
  await terminal.until(/◆ +Preflight +\d+ problem/);
  const { text } = terminal;
  terminal.press('C-c');
  await terminal.until('exit code');
  return text;
}

await built();
const server = await startEmbeddedPostgres();
const cwd = mkdtempSync(join(tmpdir(), 'pg2any-screen-'));
try {
  const url = new URL('/shop', server.url).href;
  await fillShop(server.url, url);
  await connected(url, (client) => client.query('CREATE TABLE public.sessions (at timestamptz, visitor text)'));
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
