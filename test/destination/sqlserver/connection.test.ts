import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readAddress } from '../../../src/destination/sqlserver/address.ts';
import { connect } from '../../../src/destination/sqlserver/connection.ts';
import { offersEncryption } from '../../../src/destination/sqlserver/socket.ts';
import { refused } from '../../support/tds/greeting.ts';
import { TdsServer } from '../../support/tds/server.ts';

const address = (text: string) => readAddress(new URL(text));

describe('the URL of a SQL Server destination', () => {
  it('asks for encryption and for a certificate that can be checked, unless told otherwise', () => {
    expect(address('sqlserver://me:p%40ss@db.example.com/shop')).toMatchObject({
      host: 'db.example.com',
      port: 1433,
      user: 'me',
      password: 'p@ss',
      database: 'shop',
      encrypt: true,
      trustServerCertificate: false,
      authentication: 'sql',
      shown: 'db.example.com:1433',
    });
  });

  it('takes named instances, strict encryption and Entra identities', () => {
    expect(address('sqlserver://db/shop?instance=SALES&encrypt=strict&authentication=entra-default')).toMatchObject({
      port: null,
      instance: 'SALES',
      encrypt: 'strict',
      authentication: 'entra-default',
      shown: 'db\\SALES',
    });
    expect(address('sqlserver://db:1444/shop?instance=SALES')).toMatchObject({ port: 1444, instance: null });
  });

  it.each([
    ['sqlserver://me@db', 'needs a database'],
    ['sqlserver://me@db/shop?encript=true', 'unknown parameter encript'],
    ['sqlserver://me@db/shop?encrypt=maybe', 'encrypt is maybe'],
    ['sqlserver://me@db/shop?authentication=kerberos', 'authentication is kerberos'],
    ['sqlserver://me@db/shop?ca=/nowhere.pem', '/nowhere.pem cannot be read'],
  ])('%s is refused with the reason', (text, why) => {
    expect(() => address(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(why) }),
    );
  });
});

describe('a connection to SQL Server', () => {
  let server: TdsServer | null = null;
  const to = (query: string, host = '127.0.0.1') =>
    connect(address(`sqlserver://me:secret@${host}:${server?.port}/shop?${query}`), 5000, 'pg2any:test');

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  it.each(['not supported', 'off'] as const)(
    'is cut before the password is sent where encryption is %s and was asked for',
    async (encryption) => {
      server = await TdsServer.start({ encryption });
      await expect(to('encrypt=true&trustServerCertificate=true')).rejects.toMatchObject({
        code: 'DESTINATION_AUTH',
        message: expect.stringContaining('offers no encryption'),
        hint: expect.stringContaining('encrypt=false'),
      });
      expect(server.received.map(({ kind }) => kind)).not.toContain('login');
    },
  );

  it('says who it is, and sets the session up before anything else', async () => {
    server = await TdsServer.start();
    const connection = await to('encrypt=false');
    connection.close();
    const login = server.received.find((one) => one.kind === 'login');
    expect(login).toMatchObject({ user: 'me', password: 'secret', database: 'shop', encrypted: false });
    expect(server.texts[0]).toMatch(/^SET XACT_ABORT ON;.*NUMERIC_ROUNDABORT OFF;.*IMPLICIT_TRANSACTIONS OFF;/s);
  });

  it('is encrypted with a certificate of a given authority, and refuses all others', async () => {
    server = await TdsServer.start({ encryption: 'on' });
    const folder = await mkdtemp(join(tmpdir(), 'pg2any-tds-'));
    try {
      const file = join(folder, 'ca.pem');
      writeFileSync(file, server.ca);
      const connection = await to(`ca=${encodeURIComponent(file)}`, 'localhost');
      connection.close();
      expect(server.received.find((one) => one.kind === 'login')).toMatchObject({ encrypted: true });
      await expect(to('', 'localhost')).rejects.toMatchObject({ code: 'DESTINATION_AUTH' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [18456, 'DESTINATION_AUTH'],
    [4060, 'DESTINATION_AUTH'],
    [916, 'DESTINATION_AUTH'],
    [40613, 'DESTINATION_UNREACHABLE'],
    [40501, 'DESTINATION_BUSY'],
    [49918, 'DESTINATION_BUSY'],
    [10928, 'DESTINATION_BUSY'],
  ])('that is refused with error %i is %s, with the number', async (number, code) => {
    server = await TdsServer.start();
    server.admit = () => refused(number, `refused by ${number}`);
    await expect(to('encrypt=false')).rejects.toMatchObject({ code, message: expect.stringContaining(`(${number})`) });
  });

  it('goes on to where the server sends it, as gateways of Azure do', async () => {
    const behind = await TdsServer.start();
    try {
      server = await TdsServer.start();
      server.admit = () => ({ route: { host: '127.0.0.1', port: behind.port } });
      const connection = await to('encrypt=false');
      connection.close();
      expect(behind.texts[0]).toMatch(/^SET XACT_ABORT ON/);
      expect(server.texts).toEqual([]);
    } finally {
      await behind.close();
    }
  });

  it('logs in with a token instead of a password', async () => {
    server = await TdsServer.start({ encryption: 'on' });
    const connection = await to('trustServerCertificate=true&authentication=entra-token', 'localhost');
    connection.close();
    const login = server.received.find((one) => one.kind === 'login');
    expect(login).toMatchObject({ encrypted: true, password: '' });
    expect(JSON.stringify(server.received.map((one) => (one.kind === 'login' ? one.fedAuth : null)))).toContain(
      'secret',
    );
  });

  it('to a port where nobody listens is DESTINATION_UNREACHABLE', async () => {
    const nobody = connect(address('sqlserver://me@127.0.0.1:1/shop'), 5000, 'pg2any');
    await expect(nobody).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  });
});

describe('an answer to PRELOGIN', () => {
  it.each([
    [0, false],
    [1, true],
    [2, false],
    [3, true],
  ])('with encryption %i tells %s', (byte, offers) => {
    const packet = Buffer.from([4, 1, 0, 15, 0, 0, 0, 0, 1, 0, 6, 0, 1, 0xff, byte]);
    expect(offersEncryption(packet)).toBe(offers);
  });

  it('that is cut short tells nothing', () => {
    expect(offersEncryption(Buffer.from([4, 1, 0, 15, 0, 0, 0, 0, 1, 0]))).toBeNull();
  });
});
