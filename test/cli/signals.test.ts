import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { pg2any } from '../support/program.ts';

const STUCK = `
const { stopOnSignals } = await import('./src/cli/signals.ts');
const stopper = stopOnSignals((message) => console.log('told: ' + message));
stopper.signal.addEventListener('abort', () => console.log('aborted'));
setInterval(() => {}, 1000);
console.log('ready');
`;

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s asks for an orderly end, a second one ends the program with %i', async (signal, code) => {
  const cwd = new URL('../../', import.meta.url);
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', STUCK], { cwd });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (text.includes('ready') || text.includes('aborted')) child.kill(signal);
  });
  expect(await once(child, 'close')).toEqual([code, null]);
  expect(output).toContain(`told: ${signal}: finishing the batch in hand`);
});

test('a replicator that still waits for its source stops at the first SIGTERM, with exit code 0', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    const outcome = await pg2any(['replicate', '--env'], {
      env: {
        CDC_SOURCE_URL: `postgres://u:p@127.0.0.1:${port}/d?sslmode=disable`,
        CDC_DEST_URL: `sqlite:${tmpdir()}/never.db`,
        CDC_CONNECTION_TIMEOUT: '1h',
      },
      onStart: (child) => server.once('connection', () => child.kill('SIGTERM')),
    });
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    expect(outcome.stderr).toMatch(/✔ stopped after .*: 0 changes/);
  } finally {
    server.close();
  }
});

test.each([
  ['check', '--env'],
  ['verify', '--env'],
])('SIGUSR2 does not end pg2any %s', { skip: process.platform === 'win32' }, async (...line) => {
  const server = createServer((socket) => void setTimeout(() => socket.destroy(), 200));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    let sent = false;
    const outcome = await pg2any(line, {
      env: {
        CDC_SOURCE_URL: `postgres://u:p@127.0.0.1:${port}/d?sslmode=disable`,
        CDC_DEST_URL: `sqlite:${tmpdir()}/never.db`,
      },
      onStart: (child) =>
        server.once('connection', () => {
          sent = child.kill('SIGUSR2');
        }),
    });
    expect(outcome).toMatchObject({ signal: null });
    expect(sent).toBe(true);
  } finally {
    server.close();
  }
});
