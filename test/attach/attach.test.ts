import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { attach } from '../../src/attach/attach.ts';
import { ownPath } from '../../src/attach/place.ts';
import { redact } from '../../src/config/redact.ts';
import { sample } from '../../src/status/sampler.ts';
import { until } from '../support/wait.ts';
import {
  counters,
  environment,
  event,
  folder,
  listening,
  look,
  looks,
  open,
  PIPELINE,
  runtime,
  watching,
} from './fixture.ts';

test('the socket and its folder are for their owner alone, and go when the process ends', async () => {
  const listener = await listening();
  expect(listener.problem).toBeNull();
  const [name = ''] = readdirSync(folder());
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
  await listener.end(null);
  expect(readdirSync(folder())).toEqual([]);
});

test('a folder that others may enter is closed to them; one that is not a folder is not used', async () => {
  mkdirSync(folder());
  chmodSync(folder(), 0o777);
  await listening();
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  for (const listener of open.splice(0)) await listener.end(null);
  rmSync(folder(), { recursive: true });
  const elsewhere = mkdtempSync(join(tmpdir(), 'pg2any-elsewhere-'));
  symlinkSync(elsewhere, folder());
  await listening();
  expect(readdirSync(elsewhere)).toEqual([]);
  rmSync(elsewhere, { recursive: true });
});

const root = process.getuid?.() === 0;
if (!root) console.error('\n*** SKIPPED: the socket and other users: only root can become one\n');
const NOBODY = 65534;

test.skipIf(!root)('another user gets in neither by the folder nor by the socket', async () => {
  await listening();
  chmodSync(runtime, 0o755);
  const path = ownPath(folder(), PIPELINE) ?? '';
  const knock = `require('net').connect(${JSON.stringify(path)}).on('connect', () => process.exit(0)).on('error', (e) => { console.log(e.code); process.exit(1); })`;
  const refusals: string[] = [];
  for (const mode of [0o700, 0o755]) {
    chmodSync(folder(), mode);
    const { status, stdout } = spawnSync(process.execPath, ['-e', knock], {
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
    });
    refusals.push(`${status} ${stdout.trim()}`);
  }
  expect(refusals).toEqual(['1 EACCES', '1 EACCES']);
});

test.skipIf(!root)('a folder that another user made is trusted by neither side', async () => {
  await listening();
  for (const listener of open.splice(0)) await listener.end(null);
  const server = createServer((socket) =>
    socket.end('{"type":"hello","protocol":1,"pid":1,"startedAt":0,"slot":"shop","phase":"streaming"}\n'),
  );
  await new Promise<void>((resolve) => server.listen(ownPath(folder(), PIPELINE) ?? '', resolve));
  await expect(attach(PIPELINE, environment()).then((one) => one.close())).resolves.toBeUndefined();
  chownSync(folder(), NOBODY, NOBODY);
  await expect(attach(PIPELINE, environment())).rejects.toMatchObject({ code: 'NOT_ATTACHED' });
  const before = readdirSync(folder());
  await listening();
  expect(readdirSync(folder())).toEqual(before);
  server.close();
});

test('whoever attaches sees what the process sees, four times a second', async () => {
  await listening();
  const { attached, statuses } = await watching();
  expect(attached.pid).toBe(process.pid);
  counters.transactions = 7;
  const seen = await until(() => statuses.find((status) => status.totals.transactions === 7), { what: 'the status' });
  expect({ ...seen, at: 0 }).toMatchObject({ ...sample(counters, null, 0), rowsPerSecond: expect.any(Number), at: 0 });
  attached.close();
});

test('nothing is looked at while nobody watches', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await listening();
  vi.advanceTimersByTime(60_000);
  expect(looks).toBe(0);
  const { attached, statuses } = await watching();
  await until(() => statuses.length === 1);
  const before = looks;
  vi.advanceTimersByTime(1000);
  expect(looks).toBe(before + 4);
  attached.close();
  await until(() => vi.getTimerCount() === 0);
  vi.advanceTimersByTime(60_000);
  expect(looks).toBe(before + 4);
});

test('events come with those of the last while before them', async () => {
  const listener = await listening();
  for (let i = 1; i <= 250; i++) listener.event(event(`${i}`));
  const { attached, events } = await watching();
  await until(() => events.length === 200);
  listener.event(event('new'));
  await until(() => events.length === 201);
  expect([events[0], events.at(-1)].map((one) => one?.message)).toEqual(['51', 'new']);
  attached.close();
});

test('requests are met, or answered with the reason why not', async () => {
  const done: string[] = [];
  await listening({ stop: () => void done.push('stop'), pause: () => void done.push('pause') });
  const { attached } = await watching();
  await attached.request('pause');
  await attached.request('stop');
  await expect(attached.request('resume')).rejects.toThrow('this process cannot resume');
  expect(done).toEqual(['pause', 'stop']);
  attached.close();
});

test('a process that ends says how; detaching leaves it alone', async () => {
  const listener = await listening();
  const gone = await watching();
  gone.attached.close();
  expect(await gone.attached.ended).toBeNull();
  const { attached } = await watching();
  await listener.end({ ...look(null), phase: 'stopped' });
  expect(await attached.ended).toMatchObject({ phase: 'stopped' });
  await expect(attached.request('stop')).rejects.toThrow('has ended');
});

test.each([20, 200])(
  'a reader that leaves %i long lines unread neither holds up the end nor fills the memory',
  async (lines) => {
    const listener = await listening();
    const path = ownPath(folder(), PIPELINE) ?? '';
    const lazy = connect(path);
    lazy.write('{"request":"watch"}\n');
    await until(() => looks > 1);
    lazy.pause();
    const closed = once(lazy, 'close');
    for (let i = 0; i < lines; i++) listener.event(event('x'.repeat(100_000)));
    await listener.end(look(null));
    lazy.resume();
    await closed;
  },
);

test.each(['nonsense', '{"request":"watch it"}', 'null', '"x'])(
  'the line %j is no request, and does no harm',
  async (line) => {
    await listening();
    const socket = connect(ownPath(folder(), PIPELINE) ?? '').setEncoding('utf8');
    let text = '';
    socket.on('data', (more) => {
      text += more;
    });
    socket.write(`${line}\n`);
    await until(() => text.includes('there is no such request'));
    socket.destroy();
  },
);

test('a line without an end is not gathered for ever', async () => {
  await listening();
  const socket = connect(ownPath(folder(), PIPELINE) ?? '');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.resume().write('x'.repeat(1 << 16));
  await closed;
});

test('secrets are hidden in every text, and a secret that is also a word of ours does not break the line', async () => {
  const listener = await listening({}, redact(['s3cr"et', 'streaming', 'message']));
  counters.lastError = { code: 'INTERNAL', message: 'refused s3cr"et', hint: '', at: 1 };
  listener.event(event('tried s3cr"et'));
  const { attached, statuses, events } = await watching();
  await until(() => statuses.length > 0);
  expect(events[0]?.message).toBe('tried ***');
  expect(statuses[0]).toMatchObject({ phase: 'streaming', lastError: { message: 'refused ***' } });
  attached.close();
});

test('without a process it is said that there is none', async () => {
  await expect(attach(PIPELINE, environment())).rejects.toThrow('no pg2any of this user works on slot shop');
  await listening();
  const other = { ...PIPELINE, slot: 'other' };
  await expect(attach(other, environment())).rejects.toMatchObject({ code: 'NOT_ATTACHED' });
});

test('localhost is the same source by all of its names', async () => {
  await listening();
  const attached = await attach({ ...PIPELINE, source: { ...PIPELINE.source, host: '127.0.0.1' } }, environment());
  attached.close();
});

test('a process of another version is named, not misunderstood', async () => {
  await listening().then((listener) => listener.end(null));
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('{"type":"hello","protocol":99}\n');
  });
  await new Promise<void>((resolve) => server.listen(ownPath(folder(), PIPELINE) ?? '', resolve));
  await expect(attach(PIPELINE, environment())).rejects.toThrow(
    `the pg2any with pid ${process.pid} is of another version`,
  );
  server.close();
});
