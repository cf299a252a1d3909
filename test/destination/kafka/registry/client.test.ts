import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createSecure } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RegistryClient, type SubjectSchema } from '../../../../src/destination/kafka/registry/client.ts';
import { inspectRegistry } from '../../../../src/destination/kafka/registry/findings.ts';
import type { RegistrySettings } from '../../../../src/model/kafka.ts';
import { startApicurio } from '../../../support/apicurio.ts';
import { makeAuthority, makeCertificate } from '../../../support/certificate.ts';
import { RegistryStub } from '../../../support/registry-stub.ts';
import { describeWith } from '../../../support/services.ts';

const LIMITS = { connectTimeoutMs: 5000, queryTimeoutMs: 5000 };
const CLOSED = 'http://127.0.0.1:1';

const client = (urls: readonly string[], more: Partial<RegistrySettings> = {}, limits = LIMITS): RegistryClient =>
  new RegistryClient(
    {
      ...{ urls: urls.map((url) => new URL(url)), user: null, password: null, token: null, sslCa: null },
      ...{ autoRegister: true, subject: 'topic', ...more },
    },
    limits,
  );

const record = (...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'id', type: 'int' }, ...fields] });
const avro = (subject: string, schema = record()): SubjectSchema => ({ subject, type: 'AVRO', schema });
const ADDED = record({ name: 'v', type: ['null', 'string'], default: null });
const DEMANDING = record({ name: 'v', type: 'string' });
const json = (subject: string): SubjectSchema => ({
  ...{ subject, type: 'JSON' },
  schema: '{"type":"object","title":"R","properties":{"id":{"type":"integer"}}}',
});

const fresh = (): string => `s-${randomBytes(6).toString('hex')} ü/value`;

/** What every registry must do. The stub is held to it, so that it tells the truth elsewhere. */
function contract(url: () => string, backward: (subject: string) => Promise<void>): void {
  it('gives a schema one id, and finds it again without registering', async () => {
    const subject = fresh();
    const id = await client([url()]).idOf(avro(subject));
    expect(await client([url()]).idOf(avro(subject))).toBe(id);
    expect(await client([url()], { autoRegister: false }).idOf(avro(subject))).toBe(id);
    expect(await client([url()]).has(avro(subject))).toBe(true);
    const found = await fetch(`${url()}/schemas/ids/${id}`);
    expect(JSON.parse(((await found.json()) as { schema: string }).schema)).toEqual(JSON.parse(record()));
  });

  it('takes JSON Schema', async () => {
    const subject = fresh();
    const id = await client([url()]).idOf(json(subject));
    const found = await fetch(`${url()}/schemas/ids/${id}`);
    expect(await found.json()).toMatchObject({ schemaType: 'JSON' });
    expect(await client([url()]).types()).toEqual(expect.arrayContaining(['AVRO', 'JSON']));
  });

  it('refuses what readers of before could not read, with its reason', async () => {
    const subject = fresh();
    await client([url()]).idOf(avro(subject));
    await backward(subject);
    expect(await client([url()]).incompatibility(avro(subject, ADDED))).toBeNull();
    expect(await client([url()]).incompatibility(avro(subject, DEMANDING))).toEqual(expect.any(String));
    await client([url()]).idOf(avro(subject, ADDED));
    await expect(client([url()]).idOf(avro(subject, DEMANDING))).rejects.toMatchObject({
      ...{ code: 'SCHEMA_REFUSED', retry: false },
      message: expect.stringContaining(subject),
      hint: expect.stringContaining('compatibility'),
    });
  });

  it('does not have what nobody registered', async () => {
    const subject = fresh();
    expect(await client([url()]).has(avro(subject))).toBe(false);
    expect(await client([url()]).incompatibility(avro(subject))).toBeNull();
    const known = client([url()], { autoRegister: false });
    await expect(known.idOf(avro(subject))).rejects.toMatchObject({
      code: 'SCHEMA_REFUSED',
      hint: expect.stringContaining('kafka.registry.autoRegister'),
    });
    await client([url()]).idOf(avro(subject));
    expect(await known.has(avro(subject, ADDED))).toBe(false);
    expect(await client([url()]).has(avro(subject))).toBe(true);
  });

  it('refuses what is no schema', async () => {
    const broken = client([url()]).idOf(avro(fresh(), '{"type":"record"}'));
    await expect(broken).rejects.toMatchObject({ code: 'SCHEMA_REFUSED' });
  });
}

await describeWith('Apicurio as a registry', startApicurio, (registry) => {
  afterAll(() => registry.stop());
  contract(
    () => registry.url,
    async (subject) => {
      const path = `${registry.url}/config/${encodeURIComponent(subject)}`;
      const { status } = await fetch(path, {
        ...{ method: 'PUT', headers: { 'Content-Type': 'application/vnd.schemaregistry.v1+json' } },
        body: '{"compatibility":"BACKWARD"}',
      });
      expect(status).toBe(200);
    },
  );

  it('is told from a server that is none', async () => {
    const wrong = client([new URL('/', registry.url).href]);
    await expect(wrong.types()).rejects.toMatchObject({
      code: 'DESTINATION_UNSUITABLE',
      hint: expect.stringContaining('/apis/ccompat/v7'),
    });
  });
});

describe('the stub of a registry', () => {
  let stub: RegistryStub;
  beforeEach(async () => {
    stub = await RegistryStub.start();
  });
  afterEach(() => stub.stop());

  contract(
    () => stub.url,
    async () => undefined,
  );

  it('is asked once for each schema', async () => {
    const one = client([stub.url]);
    await one.idOf(avro('t-value'));
    await one.idOf(avro('t-value'));
    expect(stub.asked).toEqual(['POST /subjects/t-value/versions']);
  });

  it('lets in whoever has the password or the token', async () => {
    stub.login = `Basic ${Buffer.from('key:pass:wörd').toString('base64')}`;
    expect(await client([stub.url], { user: 'key', password: 'pass:wörd' }).types()).toContain('AVRO');
    const wrong = client([stub.url], { user: 'key', password: 'wrong-password' }).types();
    const error = await wrong.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DESTINATION_AUTH', hint: expect.stringContaining('kafka.registry.user') });
    expect(String(error)).not.toContain('wrong-password');
    stub.login = 'Bearer secret-token';
    expect(await client([stub.url], { token: 'secret-token' }).types()).toContain('AVRO');
  });

  it.each([
    [403, 40301, 'DESTINATION_PRIVILEGE', false],
    [500, 50001, 'DESTINATION_UNREACHABLE', true],
    [503, 0, 'DESTINATION_UNREACHABLE', true],
    [429, 42901, 'DESTINATION_UNREACHABLE', true],
    [404, 404, 'DESTINATION_UNSUITABLE', false],
    [422, 42205, 'SCHEMA_REFUSED', false],
  ] as const)('%i is %s %s', async (status, code, expected, retry) => {
    stub.broken = { status, code, message: 'Subject t is in read-only mode' };
    const answer = client([stub.url]).idOf(avro('t-value'));
    const message = expect.stringContaining('read-only mode');
    await expect(answer).rejects.toMatchObject({ code: expected, retry, message });
  });

  it('is found behind addresses that do not answer, and stays in use', async () => {
    const broken = await RegistryStub.start();
    broken.broken = { status: 502, code: 0, message: 'Bad Gateway' };
    const one = client([CLOSED, broken.url, stub.url]);
    await one.idOf(avro('a-value'));
    await one.idOf(avro('b-value'));
    expect(broken.asked).toHaveLength(1);
    expect(stub.names).toEqual(['a-value', 'b-value']);
    await broken.stop();
  });

  it('is asked over TLS with an authority of its own, and not without', async () => {
    const authority = makeAuthority('registry');
    const { cert, key } = makeCertificate(authority, '127.0.0.1');
    const types = createSecure({ cert, key }, (_, response) => response.end('["AVRO"]')).listen(0, '127.0.0.1');
    await new Promise((resolve) => types.once('listening', resolve));
    const url = `https://127.0.0.1:${(types.address() as { port: number }).port}`;
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-registry-'));
    writeFileSync(join(folder, 'ca.pem'), authority.cert);
    expect(await client([url], { sslCa: join(folder, 'ca.pem') }).types()).toEqual(['AVRO']);
    await expect(client([url]).types()).rejects.toMatchObject({
      ...{ code: 'DESTINATION_AUTH', retry: false },
      hint: expect.stringContaining('kafka.registry.sslCa'),
    });
    types.close();
    rmSync(folder, { recursive: true });
  });

  it('is waited for only so long', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const { port } = mute.address() as { port: number };
    const slow = client([`http://127.0.0.1:${port}`], {}, { connectTimeoutMs: 50, queryTimeoutMs: 5000 });
    await expect(slow.types()).rejects.toMatchObject({
      ...{ code: 'DESTINATION_UNREACHABLE', retry: true },
      message: expect.stringContaining('did not answer in time'),
    });
    mute.close();
  });

  it('tells check what would be refused, and changes nothing', async () => {
    await client([stub.url]).idOf(avro('t-value'));
    const look = (more: Partial<RegistrySettings>, ...schemas: readonly SubjectSchema[]) =>
      inspectRegistry(client([stub.url], more), 'AVRO', [schemas]);
    expect(await look({}, avro('t-value', ADDED), avro('new-value'))).toMatchObject([{ severity: 'ok' }]);
    expect(await look({}, avro('t-value', DEMANDING))).toMatchObject([
      { severity: 'ok' },
      { severity: 'block', message: expect.stringContaining('t-value would refuse the schema') },
    ]);
    expect(await look({ autoRegister: false }, avro('t-value'), avro('new-value'))).toMatchObject([
      { severity: 'ok' },
      { severity: 'block', message: 'new-value does not have the schema' },
    ]);
    expect(stub.names).toEqual(['t-value']);
    stub.login = 'Bearer other';
    expect(await look({})).toMatchObject([{ severity: 'block', message: expect.stringContaining('401') }]);
  });
});
