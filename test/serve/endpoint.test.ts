import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Endpoint, type EndpointOptions, openEndpoint } from '../../src/serve/endpoint.ts';
import { Pages } from '../../src/serve/pages.ts';
import type { View } from '../../src/serve/view.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';

const BUILD = {
  name: 'pg2any',
  version: '1.2.3',
  node: 'v20',
  platform: 'linux-x64',
  startedAt: '2026-01-01T00:00:00Z',
};
const counters = new Counters(0);
const VIEW: View = {
  look: () => sample(counters, null, Date.now()),
  applied: counters.applies,
  events: [],
  build: BUILD,
  slot: 's',
  readyLagMs: 1000,
};

describe('the endpoint', () => {
  const open: Endpoint[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const start = async (options: Partial<EndpointOptions> = {}) => {
    const overview = async () => ({ slot: 's' });
    const usual = { host: '127.0.0.1', port: 0, view: VIEW, overview, hide: (text: string) => text };
    const endpoint = await openEndpoint({ ...usual, ...options });
    open.push(endpoint);
    return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${endpoint.port}${path}`, init);
  };

  it.each(['/live', '/healthz'])('says at %s that the process works', async (path) => {
    const answer = await (await start())(path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ok: true, phase: 'connecting', reasons: [] });
  });

  it.each(['/ready', '/readyz'])('says at %s why it is not ready', async (path) => {
    const answer = await (await start())(path);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ ok: false, reasons: ['connecting to source and destination'] });
  });

  it('takes a standby for ready where it is told to', async () => {
    const standby = new Counters(0);
    standby.phase = 'retrying';
    standby.fail({ code: 'SLOT_IN_USE', message: 'in use', hint: '' });
    const get = await start({ view: { ...VIEW, look: () => sample(standby, null, Date.now()) } });
    expect((await get('/readyz')).status).toBe(503);
    const asked = await get('/readyz?standby=ok');
    expect(asked.status).toBe(200);
    expect(await asked.json()).toMatchObject({ ok: false, standby: true });
  });

  it('shows build and status, and hides in them what is secret', async () => {
    const get = await start({
      overview: async () => ({ message: 'with s3cret' }),
      hide: (text) => text.replaceAll('s3cret', '***'),
    });
    expect(await (await get('/build')).json()).toEqual(BUILD);
    expect(await (await get('/status')).json()).toEqual({ message: 'with ***' });
  });

  it('asks the servers once, however many ask for the status at the same time', async () => {
    let asked = 0;
    const pages = new Pages(VIEW, async () => ({ asked: ++asked }));
    const both = [pages.answer('/status', new URLSearchParams()), pages.answer('/status', new URLSearchParams())];
    expect((await Promise.all(both)).map(({ body }) => body)).toEqual(['{"asked":1}\n', '{"asked":1}\n']);
    expect((await pages.answer('/status', new URLSearchParams())).body).toBe('{"asked":2}\n');
  });

  it('says what went wrong where the status cannot be made', async () => {
    const answer = await (await start({ overview: () => Promise.reject(new Error('no such thing')) }))('/status');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: 'no such thing' });
  });

  it('answers reading requests only, and names its paths', async () => {
    const get = await start();
    expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
    expect(await (await get('/healthz', { method: 'HEAD' })).text()).toBe('');
    const missing = await get('/nothing');
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ paths: expect.arrayContaining(['/metrics']) });
  });

  it('refuses to start where the address is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      await expect(start({ port })).rejects.toMatchObject({ code: 'HTTP_UNAVAILABLE', exitCode: 2 });
    } finally {
      other.close();
    }
  });
});
