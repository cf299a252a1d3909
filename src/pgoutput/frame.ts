import type { Lsn } from '../model/lsn.ts';
import { printable, Reader } from './reader.ts';
import { microsecondsOf } from './time.ts';

/**
 * What a CopyData message of the replication stream holds.
 * https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-XLOGDATA
 */
export type Frame =
  | {
      readonly kind: 'data';
      /** 0/0 for relation, type and a begin before an origin. Goes back between transactions: never a checkpoint. */
      readonly walStart: Lsn;
      readonly walEnd: Lsn;
      /** Milliseconds since the Unix epoch by the server's clock. */
      readonly sendTime: number;
      /** Where in the buffer the pgoutput message begins. */
      readonly payload: number;
    }
  | { readonly kind: 'keepalive'; readonly walEnd: Lsn; readonly sendTime: number; readonly replyRequested: boolean };

const DATA = 0x77; // w
const KEEPALIVE = 0x6b; // k

/** Reads the header of one CopyData content. @throws Pg2anyError PROTOCOL */
export function decodeFrame(buffer: Buffer, start: number, end: number): Frame {
  const reader = new Reader(buffer, start, end);
  const tag = reader.u8();
  if (tag === DATA) return data(reader);
  if (tag === KEEPALIVE) return keepalive(reader);
  return reader.fail(`unknown frame '${printable(tag)}'`, start);
}

/** Bytes before the pgoutput message in a data frame. */
export const DATA_HEADER = 25;

/** Whether the frame at `start` carries a pgoutput message; for the hot path, which needs no more of its header. */
export const isData = (buffer: Buffer, start: number): boolean => buffer[start] === DATA;

/** Length of a standby status update. */
const STATUS_LENGTH = 34;

/**
 * A standby status update ('r'): what was received, what is durable, what is applied, the client's clock in
 * milliseconds since the Unix epoch, and whether the server shall answer at once.
 * https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-STANDBY-STATUS-UPDATE
 */
export function statusUpdate(write: Lsn, flush: Lsn, apply: Lsn, now: number, ping: boolean): Buffer {
  const buffer = Buffer.alloc(STATUS_LENGTH);
  buffer.write('r', 0, 'latin1');
  buffer.writeBigUInt64BE(write, 1);
  buffer.writeBigUInt64BE(flush, 9);
  buffer.writeBigUInt64BE(apply, 17);
  buffer.writeBigInt64BE(microsecondsOf(now), 25);
  buffer.writeUInt8(ping ? 1 : 0, 33);
  return buffer;
}

function data(reader: Reader): Frame {
  const walStart = reader.lsn();
  const walEnd = reader.lsn();
  const sendTime = reader.time();
  return { kind: 'data', walStart, walEnd, sendTime, payload: reader.position };
}

function keepalive(reader: Reader): Frame {
  const frame: Frame = {
    kind: 'keepalive',
    walEnd: reader.lsn(),
    sendTime: reader.time(),
    replyRequested: reader.u8() !== 0,
  };
  reader.finish();
  return frame;
}
