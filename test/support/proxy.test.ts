import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FaultProxy, startProxy } from './proxy.ts';
import { until } from './wait.ts';

let echo: Server;
let proxy: FaultProxy;
let dialled: Dialled;

interface Dialled {
  readonly socket: Socket;
  got: string;
  /** How the connection ended; empty while it is open. */
  ended: string;
}

beforeEach(async () => {
  echo = createServer((socket) => void socket.on('error', () => undefined).on('data', (data) => socket.write(data)));
  await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
  const address = echo.address();
  proxy = await startProxy('127.0.0.1', typeof address === 'object' && address ? address.port : 0);
  dialled = dial();
});

afterEach(async () => {
  dialled.socket.destroy();
  await proxy.close();
  echo.close();
});

function dial(): Dialled {
  const one: Dialled = { socket: connect(proxy.port, '127.0.0.1'), got: '', ended: '' };
  one.socket.on('data', (data) => {
    one.got += data;
  });
  one.socket.on('error', (error: NodeJS.ErrnoException) => {
    one.ended = error.code ?? 'error';
  });
  one.socket.on('close', () => {
    one.ended ||= 'closed';
  });
  return one;
}

const say = (text: string) => dialled.socket.write(text);
const heard = (text: string) => until(() => dialled.got === text, { what: `the answer '${text}'` });
const end = () => until(() => dialled.ended, { what: 'the end of the connection' });

it('passes bytes both ways and counts connections', async () => {
  say('hello');
  await heard('hello');
  expect(proxy.connections).toBe(1);
  dialled.socket.end();
  await until(() => proxy.connections === 0);
});

it('holds bytes while frozen and delivers them after the thaw', async () => {
  say('a');
  await heard('a');
  proxy.freeze();
  say('b');
  const other = connect(proxy.port, '127.0.0.1');
  await until(() => proxy.connections === 2);
  expect(dialled.got).toBe('a');
  proxy.thaw();
  await heard('ab');
  other.destroy();
});

it('resets open connections', async () => {
  say('a');
  await heard('a');
  proxy.reset();
  await end();
  expect(dialled.ended).toBe('ECONNRESET');
});

it('refuses new connections until told to accept', async () => {
  proxy.refuse();
  dialled.socket.destroy();
  dialled = dial();
  await end();
  proxy.accept();
  dialled = dial();
  say('again');
  await heard('again');
});

it('cuts in the middle of an answer', async () => {
  proxy.cutAfterBytes(3);
  say('hello');
  await end();
  expect('hello'.startsWith(dialled.got)).toBe(true);
  expect(dialled.got.length).toBeLessThanOrEqual(3);
});

it('drops the answer that a hook picks, after the server has done the work', async () => {
  proxy.onServerData((data) => !data.includes('COMMIT'));
  say('INSERT');
  await heard('INSERT');
  say('COMMIT');
  await end();
  expect(dialled.got).toBe('INSERT');
});

it('keeps everything of an address but host and port', () => {
  expect(proxy.url('postgres://me:pw@db.example:5432/shop?sslmode=disable')).toBe(
    `postgres://me:pw@127.0.0.1:${proxy.port}/shop?sslmode=disable`,
  );
});
