import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../wait.ts';
import { u16, u32, u64, ucs2 } from './bytes.ts';
import { framed, PACKET } from './packets.ts';
import { cut, raw, unframed } from './reply.ts';
import { TdsServer } from './server.ts';

let server: TdsServer;
let client: Socket;
let heard: Buffer;

beforeEach(async () => {
  server = await TdsServer.start();
  client = connect(server.port, '127.0.0.1');
  heard = Buffer.alloc(0);
  client.on('data', (chunk) => {
    heard = Buffer.concat([heard, chunk]);
  });
  client.on('error', () => undefined);
  await once(client, 'connect');
  // The first batch is the driver's own.
  client.write(batch(''));
  await until(() => heard.length > 0);
  heard = Buffer.alloc(0);
});

afterEach(() => {
  client.destroy();
});

function batch(text: string, packetSize?: number): Buffer {
  const headers = Buffer.concat([u32(22), u32(18), u16(2), u64(7n), u32(1)]);
  return framed(PACKET.batch, Buffer.concat([headers, ucs2(text)]), packetSize);
}

describe('the bytes', () => {
  it('of a request may come one by one, in the smallest packets', async () => {
    for (const byte of batch('SELECT ü', 9)) client.write(Buffer.of(byte));
    await until(() => server.requests.length === 1);
    expect(server.requests).toMatchObject([{ kind: 'batch', text: 'SELECT ü', transaction: 7n }]);
    await server.close();
  });

  it('of two requests may come together and are answered one after the other', async () => {
    client.write(Buffer.concat([batch('one'), batch('two')]));
    await until(() => server.requests.length === 2);
    expect(server.texts).toEqual(['one', 'two']);
    await server.close();
  });

  it('of an answer may be nonsense in a good packet', async () => {
    server.respond = () => raw(Buffer.from('nonsense'));
    client.write(batch('x'));
    await until(() => heard.length >= 16);
    expect(heard).toEqual(framed(PACKET.response, Buffer.from('nonsense')));
    await server.close();
  });

  it('of an answer may be nonsense without a packet', async () => {
    server.respond = () => unframed(Buffer.from('nonsense'));
    client.write(batch('x'));
    await until(() => heard.length >= 8);
    expect(heard.toString()).toBe('nonsense');
    await server.close();
  });

  it('of an answer end exactly where the test wants', async () => {
    server.respond = () => cut([raw(Buffer.alloc(10_000))], 5000);
    client.write(batch('x'));
    await once(client, 'end');
    expect(heard.length).toBe(5000);
    await server.close();
  });

  it.each([
    ['a packet shorter than its header', Buffer.of(1, 1, 0, 3, 0, 0, 1, 0), 'a packet says that it is 3 bytes long'],
    ['an unknown packet', framed(0x55, Buffer.alloc(1)), 'packets of type 85 are not expected here'],
    ['a bulk load of something else', framed(PACKET.bulk, Buffer.of(0x42)), 'token 0x42 at 0 of a bulk load'],
  ])('that nobody understands end the connection and are told at the end: %s', async (_what, bytes, message) => {
    client.write(bytes);
    await until(() => client.closed);
    await expect(server.close()).rejects.toThrow(message);
  });
});
