import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLsn } from '../../src/model/lsn.ts';
import { UNCHANGED } from '../../src/model/value.ts';
import { type DecodeContext, decode } from '../../src/pgoutput/decode.ts';
import type { Message } from '../../src/pgoutput/message.ts';
import { sample } from '../support/pgoutput-arbitrary.ts';
import { bytes, encode, i16, i32, type Part, text, time, tuple, u8, u32, u64 } from '../support/pgoutput-encoder.ts';

const NOON = Date.UTC(2026, 6, 1, 12) + 0.125;
const BIG = 0xfffffffe;
const HIGH = parseLsn('F00000FF/FE421E38');
const NEXT = parseLsn('F00000FF/FE421E68');

const decodeParts = (parts: readonly Part[], context: DecodeContext = { inStream: false }): Message => {
  const message = bytes(...parts);
  return decode(message, 0, message.length, context);
};
const plain = (...parts: readonly Part[]): Message => decodeParts(parts);
const streamed = (...parts: readonly Part[]): Message => decodeParts(parts, { inStream: true });

describe('decode: transactions', () => {
  it('reads begin with an LSN above 2^63, an unsigned xid and a commit time in milliseconds with its microseconds', () => {
    expect(plain('B', u64(HIGH), time(NOON), u32(BIG))).toEqual({
      kind: 'begin',
      commitLsn: HIGH,
      commitTime: NOON,
      xid: BIG,
    });
  });

  it('reads commit with the start and the end of its record', () => {
    expect(plain('C', u8(0), u64(HIGH), u64(NEXT), time(NOON))).toEqual({
      kind: 'commit',
      commitLsn: HIGH,
      end: NEXT,
      commitTime: NOON,
    });
  });

  it('reads commit times before 2000', () => {
    const before = Date.UTC(1999, 11, 31, 23, 59, 59, 999);
    expect(plain('B', u64(1n), time(before), u32(1))).toMatchObject({ commitTime: before });
  });

  it('reads origin', () => {
    expect(plain('O', u64(NEXT), text('näher'))).toEqual({ kind: 'origin', lsn: NEXT, name: 'näher' });
  });

  it('reads begin prepare, prepare, commit prepared and rollback prepared', () => {
    const prepared = [u64(HIGH), u64(NEXT), time(NOON), u32(BIG), text('gid 1')];
    const fields = { prepareLsn: HIGH, end: NEXT, prepareTime: NOON, xid: BIG, gid: 'gid 1' };
    expect(plain('b', ...prepared)).toEqual({ kind: 'beginPrepare', ...fields });
    expect(plain('P', u8(0), ...prepared)).toEqual({ kind: 'prepare', streamed: false, ...fields });
    expect(plain('p', u8(0), ...prepared)).toEqual({ kind: 'prepare', streamed: true, ...fields });
    expect(plain('K', u8(0), ...prepared)).toEqual({
      kind: 'commitPrepared',
      commitLsn: HIGH,
      end: NEXT,
      commitTime: NOON,
      xid: BIG,
      gid: 'gid 1',
    });
    expect(plain('r', u8(0), u64(HIGH), u64(NEXT), time(NOON), time(NOON + 1), u32(BIG), text('g'))).toEqual({
      kind: 'rollbackPrepared',
      prepareEnd: HIGH,
      end: NEXT,
      prepareTime: NOON,
      rollbackTime: NOON + 1,
      xid: BIG,
      gid: 'g',
    });
  });

  it('reads the blocks of a transaction in progress', () => {
    expect(plain('S', u32(BIG), u8(1))).toEqual({ kind: 'streamStart', xid: BIG, first: true });
    expect(plain('S', u32(BIG), u8(0))).toEqual({ kind: 'streamStart', xid: BIG, first: false });
    expect(streamed('E')).toEqual({ kind: 'streamStop' });
    expect(plain('c', u32(BIG), u8(0), u64(HIGH), u64(NEXT), time(NOON))).toEqual({
      kind: 'streamCommit',
      xid: BIG,
      commitLsn: HIGH,
      end: NEXT,
      commitTime: NOON,
    });
  });

  it('expects position and time of an abort only with parallel streaming', () => {
    const abort = ['A', u32(BIG), u32(7)];
    expect(plain(...abort)).toEqual({ kind: 'streamAbort', xid: BIG, subXid: 7, abort: null });
    const parallel = { inStream: false, parallelStreaming: true };
    expect(decodeParts([...abort, u64(HIGH), time(NOON)], parallel)).toEqual({
      kind: 'streamAbort',
      xid: BIG,
      subXid: 7,
      abort: { lsn: HIGH, time: NOON },
    });
    expect(() => decodeParts(abort, parallel)).toThrow(/8 bytes are needed/);
    expect(() => plain(...abort, u64(HIGH), time(NOON))).toThrow(/16 bytes too many/);
  });
});

describe('decode: tables', () => {
  const columns = [...[u8(1), text('id'), u32(20), i32(-1)], ...[u8(0), text('größe "x"'), u32(BIG), i32(65540)]];

  it('reads relation with unsigned OIDs, signed type modifiers and its key', () => {
    expect(plain('R', u32(BIG), text('Shop'), text('a.b'), 'd', i16(2), ...columns)).toEqual({
      kind: 'relation',
      xid: null,
      oid: BIG,
      schema: 'Shop',
      name: 'a.b',
      replicaIdentity: 'default',
      columns: [
        { name: 'id', typeOid: 20, typmod: -1, key: true },
        { name: 'größe "x"', typeOid: BIG, typmod: 65540, key: false },
      ],
    });
  });

  it.each([
    ['d', 'default'],
    ['n', 'nothing'],
    ['f', 'full'],
    ['i', 'index'],
  ])("reads replica identity '%s' as %s", (tag, replicaIdentity) => {
    expect(plain('R', u32(1), text('s'), text('t'), tag, i16(0))).toMatchObject({ replicaIdentity, columns: [] });
  });

  it('reads an empty schema as pg_catalog, for relations and types', () => {
    expect(plain('R', u32(1), text(''), text('t'), 'd', i16(0))).toMatchObject({ schema: 'pg_catalog' });
    expect(plain('Y', u32(BIG), text(''), text('int4'))).toEqual({
      kind: 'type',
      xid: null,
      oid: BIG,
      schema: 'pg_catalog',
      name: 'int4',
    });
  });

  it('reads truncate of several tables with its options', () => {
    const none = { kind: 'truncate', xid: null, cascade: false, restartIdentity: false };
    expect(plain('T', i32(2), u8(0), u32(5), u32(BIG))).toEqual({ ...none, oids: [5, BIG] });
    expect(plain('T', i32(1), u8(1), u32(5))).toMatchObject({ cascade: true, restartIdentity: false });
    expect(plain('T', i32(1), u8(2), u32(5))).toMatchObject({ cascade: false, restartIdentity: true });
    expect(plain('T', i32(1), u8(3), u32(5))).toMatchObject({ cascade: true, restartIdentity: true });
  });
});

describe('decode: rows', () => {
  it('tells text, the empty text, NULL and an unchanged TOAST value apart', () => {
    expect(plain('I', u32(BIG), 'N', i16(4), 't', i32(2), '42', 't', i32(0), 'n', 'u')).toEqual({
      kind: 'insert',
      xid: null,
      oid: BIG,
      after: ['42', '', null, UNCHANGED],
    });
  });

  it('reads an update without old row, with the old key and with the old row', () => {
    const after = tuple(['2', 'b']);
    expect(plain('U', u32(9), 'N', after)).toMatchObject({ kind: 'update', old: null, after: ['2', 'b'] });
    expect(plain('U', u32(9), 'K', tuple(['1', null]), 'N', after)).toMatchObject({
      old: { kind: 'key', row: ['1', null] },
      after: ['2', 'b'],
    });
    expect(plain('U', u32(9), 'O', tuple(['1', 'a']), 'N', after)).toMatchObject({
      old: { kind: 'full', row: ['1', 'a'] },
      after: ['2', 'b'],
    });
  });

  it('reads a delete by key and by the whole row', () => {
    expect(plain('D', u32(9), 'K', tuple(['1', null]))).toEqual({
      kind: 'delete',
      xid: null,
      oid: 9,
      old: { kind: 'key', row: ['1', null] },
    });
    expect(plain('D', u32(9), 'O', tuple(['1', 'a']))).toMatchObject({ old: { kind: 'full', row: ['1', 'a'] } });
  });

  it('reads the xid of each change inside of a stream block', () => {
    expect(streamed('I', u32(BIG), u32(9), 'N', tuple(['1']))).toMatchObject({ kind: 'insert', xid: BIG, oid: 9 });
    expect(streamed('U', u32(BIG), u32(9), 'N', tuple(['1']))).toMatchObject({ kind: 'update', xid: BIG, oid: 9 });
    expect(streamed('D', u32(BIG), u32(9), 'K', tuple(['1']))).toMatchObject({ kind: 'delete', xid: BIG, oid: 9 });
    expect(streamed('T', u32(BIG), i32(1), u8(0), u32(9))).toMatchObject({ kind: 'truncate', xid: BIG, oids: [9] });
    expect(streamed('Y', u32(BIG), u32(9), text('s'), text('t'))).toMatchObject({ kind: 'type', xid: BIG, oid: 9 });
    expect(streamed('R', u32(BIG), u32(9), text('s'), text('t'), 'd', i16(0))).toMatchObject({ xid: BIG, oid: 9 });
    expect(streamed('M', u32(BIG), u8(1), u64(1n), text('p'), i32(0))).toMatchObject({ kind: 'message', xid: BIG });
  });

  it.each([
    ['ASCII of every length around the limits of the fast path', (length: number) => 'x'.repeat(length)],
    ['two-byte characters', (length: number) => 'é'.repeat(length)],
    ['a replacement character that really is in the data', (length: number) => '\uFFFD'.repeat(length)],
    ['a byte order mark', (length: number) => `\uFEFF${'a'.repeat(length)}`],
    ['characters outside of the basic plane', (length: number) => '😀'.repeat(length)],
  ])('keeps %s', (_, make) => {
    for (const length of [0, 1, 12, 13, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 5000]) {
      const row = ['id', make(length), 'end', null, make(3)];
      expect(plain('I', u32(1), 'N', tuple(row))).toMatchObject({ after: row });
    }
  });

  it('decodes a message in the middle of a buffer', () => {
    const message = bytes('I', u32(1), 'N', tuple(['a', 'é']));
    const buffer = bytes('rest', message, 'next');
    expect(decode(buffer, 4, 4 + message.length, { inStream: false })).toMatchObject({ after: ['a', 'é'] });
  });
});

describe('decode: logical messages', () => {
  it('reads transactional and other messages, with any bytes', () => {
    const content = Uint8Array.of(0, 255, 10);
    expect(plain('M', u8(1), u64(HIGH), text('prefix'), i32(3), content)).toEqual({
      kind: 'message',
      xid: null,
      transactional: true,
      lsn: HIGH,
      prefix: 'prefix',
      content,
    });
    expect(plain('M', u8(0), u64(HIGH), text(''), i32(0))).toMatchObject({ transactional: false, prefix: '' });
  });
});

describe('decode', () => {
  it('gives back every message that was encoded', () => {
    fc.assert(
      fc.property(sample, ({ message, context }) => {
        const encoded = encode(message);
        expect(decode(encoded, 0, encoded.length, context)).toEqual(message);
      }),
      { numRuns: 1000 },
    );
  });

  it('returns nothing that changes when the buffer is overwritten', () => {
    fc.assert(
      fc.property(sample, ({ message, context }) => {
        const encoded = encode(message);
        const decoded = decode(encoded, 0, encoded.length, context);
        encoded.fill(0x7f);
        expect(decoded).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });
});
