import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/health.js', import.meta.url));

const check = (http: string): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, CDC_HTTP: http } };
    execFile(process.execPath, [PROGRAM], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe('the health check of the container', () => {
  let code = 200;
  const server = createServer((request, response) => response.writeHead(code).end(`asked for ${request.url}`));
  afterEach(() => void server.close());
  const listening = async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };

  it.each(['', '127.0.0.1:', '0.0.0.0:', '[::]:', 'localhost:'])(
    'passes a process that lives at "%s" PORT',
    async (host) => {
      code = 200;
      expect(await check(`${host}${await listening()}`)).toEqual({ code: 0, stdout: 'asked for /healthz', stderr: '' });
    },
  );

  it('fails one that says it is stuck, one that does not answer, and where there is nowhere to ask', async () => {
    code = 503;
    expect((await check(`${await listening()}`)).code).toBe(1);
    const gone = await check(`${await freePort()}`);
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('no answer: connect ECONNREFUSED') });
    expect((await check('')).code).toBe(1);
  });
});
