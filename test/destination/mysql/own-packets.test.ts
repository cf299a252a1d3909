import mysql from 'mysql2';
import { expect, it } from 'vitest';
import { ownPackets } from '../../../src/destination/mysql/connection.ts';

it('an empty packet that is shared by connections may change while it waits to be sent', () => {
  const waiting: Buffer[] = [];
  const connection = { write: (packet: Buffer) => void waiting.push(packet) };
  ownPackets(connection);
  const shared = Buffer.of(0, 0, 0, 7);
  const large = Buffer.alloc(100);
  connection.write(shared);
  connection.write(large);
  shared[3] = 9;
  expect(waiting[0]).toEqual(Buffer.of(0, 0, 0, 7));
  expect(waiting[1], 'data is not copied').toBe(large);
});

it('the driver still writes its packets with the method that is replaced', () => {
  const { prototype } = (mysql as unknown as { Connection: { prototype: Record<string, unknown> } }).Connection;
  expect(String(prototype.writePacket)).toContain('this.write(packet.buffer)');
  expect(prototype.write).toBeTypeOf('function');
});
