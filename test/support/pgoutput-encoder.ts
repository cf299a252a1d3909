import type { Lsn } from '../../src/model/lsn.ts';
import { type Row, UNCHANGED, type Value } from '../../src/model/value.ts';
import type { Message, OldRow, RelationMessage } from '../../src/pgoutput/message.ts';

/** pgoutput as a server writes it: the layouts of the manual, independent of the decoder. */
export type Part = Uint8Array | string;

export const u8 = (value: number): Buffer => Buffer.of(value);

export function i16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

export function i32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

export function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

export function u64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(value);
  return buffer;
}

/** Milliseconds since 1970 → microseconds since 2000. */
export function time(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(Math.round((value - Date.UTC(2000, 0, 1)) * 1000)));
  return buffer;
}

export const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf8');

/** Strings are tags: one byte per character. */
export const bytes = (...parts: readonly Part[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

export const value = (content: Value): Buffer => {
  if (content === null) return bytes('n');
  if (content === UNCHANGED) return bytes('u');
  const raw = Buffer.from(content, 'utf8');
  return bytes('t', i32(raw.length), raw);
};

export const tuple = (row: Row): Buffer => bytes(i16(row.length), ...row.map(value));

const old = (row: OldRow): Buffer => bytes(row.kind === 'key' ? 'K' : 'O', tuple(row.row));

const identity = { default: 'd', nothing: 'n', full: 'f', index: 'i' } as const;

const column = (it: RelationMessage['columns'][number]): Buffer =>
  bytes(u8(it.key ? 1 : 0), text(it.name), u32(it.typeOid), i32(it.typmod));

const namespace = (schema: string): Buffer => text(schema === 'pg_catalog' ? '' : schema);

type Encoders = { [K in Message['kind']]: (message: Extract<Message, { kind: K }>) => Buffer };

const xid = (message: { readonly xid: number | null }): Buffer =>
  message.xid === null ? Buffer.alloc(0) : u32(message.xid);

const commit = (it: { readonly commitLsn: Lsn; readonly end: Lsn; readonly commitTime: number }): Buffer =>
  bytes(u8(0), u64(it.commitLsn), u64(it.end), time(it.commitTime));

const prepared = (it: Extract<Message, { kind: 'prepare' | 'beginPrepare' }>): Buffer =>
  bytes(u64(it.prepareLsn), u64(it.end), time(it.prepareTime), u32(it.xid), text(it.gid));

const ENCODERS: Encoders = {
  begin: (it) => bytes('B', u64(it.commitLsn), time(it.commitTime), u32(it.xid)),
  commit: (it) => bytes('C', commit(it)),
  origin: (it) => bytes('O', u64(it.lsn), text(it.name)),
  relation: (it) =>
    bytes(
      'R',
      xid(it),
      u32(it.oid),
      namespace(it.schema),
      text(it.name),
      identity[it.replicaIdentity],
      i16(it.columns.length),
      ...it.columns.map(column),
    ),
  type: (it) => bytes('Y', xid(it), u32(it.oid), namespace(it.schema), text(it.name)),
  insert: (it) => bytes('I', xid(it), u32(it.oid), 'N', tuple(it.after)),
  update: (it) => bytes('U', xid(it), u32(it.oid), it.old ? old(it.old) : '', 'N', tuple(it.after)),
  delete: (it) => bytes('D', xid(it), u32(it.oid), old(it.old)),
  truncate: (it) =>
    bytes(
      'T',
      xid(it),
      i32(it.oids.length),
      u8((it.cascade ? 1 : 0) | (it.restartIdentity ? 2 : 0)),
      ...it.oids.map(u32),
    ),
  message: (it) =>
    bytes('M', xid(it), u8(it.transactional ? 1 : 0), u64(it.lsn), text(it.prefix), i32(it.content.length), it.content),
  streamStart: (it) => bytes('S', u32(it.xid), u8(it.first ? 1 : 0)),
  streamStop: () => bytes('E'),
  streamCommit: (it) => bytes('c', u32(it.xid), commit(it)),
  streamAbort: (it) =>
    bytes('A', u32(it.xid), u32(it.subXid), ...(it.abort ? [u64(it.abort.lsn), time(it.abort.time)] : [])),
  beginPrepare: (it) => bytes('b', prepared(it)),
  prepare: (it) => bytes(it.streamed ? 'p' : 'P', u8(0), prepared(it)),
  commitPrepared: (it) => bytes('K', commit(it), u32(it.xid), text(it.gid)),
  rollbackPrepared: (it) =>
    bytes(
      'r',
      u8(0),
      u64(it.prepareEnd),
      u64(it.end),
      time(it.prepareTime),
      time(it.rollbackTime),
      u32(it.xid),
      text(it.gid),
    ),
};

/** The bytes of one message. Give an `xid` to what stands inside of a stream block. */
export const encode = (message: Message): Buffer => (ENCODERS[message.kind] as (message: Message) => Buffer)(message);

/** XLogData around one message, as the walsender does it. */
export const frame = (walStart: bigint, sendTime: number, message: Uint8Array): Buffer =>
  bytes('w', u64(walStart), u64(walStart), time(sendTime), message);

export const keepalive = (walEnd: bigint, sendTime: number, replyRequested: boolean): Buffer =>
  bytes('k', u64(walEnd), time(sendTime), u8(replyRequested ? 1 : 0));
