import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { pg2any } from '../support/program.ts';

const objects = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('every line of a run that fails is an object, the failure with code and way out is the last, without the password', async () => {
  const port = await freePort();
  const outcome = await pg2any(['replicate', '--env', '--log-format', 'json'], {
    env: {
      CDC_SOURCE_URL: `postgres://u:s3cretive@127.0.0.1:${port}/shop?sslmode=disable`,
      CDC_DEST_URL: `sqlite:${tmpdir()}/never.db`,
      CDC_STARTUP_TIMEOUT: '1s',
    },
  });
  expect(outcome).toMatchObject({ code: 4, stdout: '' });
  const lines = objects(outcome.stderr);
  expect(lines.map(({ event }) => event)).toContain('retry');
  for (const line of lines) expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String) });
  expect(lines.at(-1)).toMatchObject({ level: 'error', event: 'failed', code: 'SOURCE_UNREACHABLE', exitCode: 4 });
  expect(outcome.stderr).not.toContain('s3cretive');
});

test('a configuration that cannot be used is one object too', async () => {
  const outcome = await pg2any(['replicate', '--env'], { env: { CDC_LOG_FORMAT: 'json', CDC_BATCH_SIZE: 'many' } });
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  const [line, ...more] = objects(outcome.stderr);
  expect(more).toEqual([]);
  expect(line).toMatchObject({ level: 'error', event: 'failed', code: 'CONFIG_INVALID', exitCode: 2, slot: null });
  expect(line?.message).toContain('CDC_BATCH_SIZE');
});

test('SIGUSR2 while it waits for its source makes it tell more, and does not end it', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    const outcome = await pg2any(['replicate', '--env', '--log-format', 'json', '--log-level', 'warn'], {
      env: {
        CDC_SOURCE_URL: `postgres://u:p@127.0.0.1:${port}/d?sslmode=disable`,
        CDC_DEST_URL: `sqlite:${tmpdir()}/never.db`,
        CDC_CONNECTION_TIMEOUT: '1h',
      },
      onStart: (child) => server.once('connection', () => child.kill('SIGUSR2')),
      onLine: (line, child) => {
        if (line.includes('"log.level"')) child.kill('SIGTERM');
      },
    });
    expect(outcome).toMatchObject({ code: 0 });
    const [first, ...rest] = objects(outcome.stderr);
    expect(first).toMatchObject({ event: 'log.level', message: 'log level debug' });
    expect(rest.map(({ event }) => event)).toEqual(expect.arrayContaining(['stopping', 'stopped']));
  } finally {
    server.close();
  }
});
