import fc from 'fast-check';
import { type Lsn, lsn } from '../../src/model/lsn.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import type { DecodeContext } from '../../src/pgoutput/decode.ts';
import type { Message, OldRow } from '../../src/pgoutput/message.ts';

/** A message, and the context in which its bytes mean it. */
export interface Sample {
  readonly message: Message;
  readonly context: DecodeContext;
}

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const position: fc.Arbitrary<Lsn> = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(lsn);
const microseconds = fc.integer({ min: Date.UTC(1999, 0) * 1000, max: Date.UTC(2100, 0) * 1000 });
const time = microseconds.map((value) => value / 1000);
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 100 });
const anyText = fc.string({ unit: 'binary', maxLength: 100 });
const long = fc.string({ unit: fc.constantFrom('x', 'é', '日', '😀'), minLength: 1200, maxLength: 3000 });
const name = anyText.map((value) => value.replaceAll('\0', ''));
/** An empty schema is how the server writes pg_catalog. */
const schema = name.map((value) => value || 'pg_catalog');
const value = fc.oneof(ascii, anyText, long, fc.constant(null), fc.constant(UNCHANGED));
const row: fc.Arbitrary<Row> = fc.array(value, { maxLength: 12 });
const old: fc.Arbitrary<OldRow> = fc.record({ kind: fc.constantFrom('key', 'full'), row });
const column = fc.record({
  name,
  typeOid: u32,
  typmod: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  key: fc.boolean(),
});

const commit = { commitLsn: position, end: position, commitTime: time };
const prepared = { prepareLsn: position, end: position, prepareTime: time, xid: u32, gid: name };

/** A record with a constant `kind`. */
const of = <K extends Message['kind'], T>(kind: K, fields: { [P in keyof T]: fc.Arbitrary<T[P]> }) =>
  fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Message>;

const transactions: readonly fc.Arbitrary<Message>[] = [
  of('begin', { commitLsn: position, commitTime: time, xid: u32 }),
  of('commit', commit),
  of('origin', { lsn: position, name }),
  of('streamStart', { xid: u32, first: fc.boolean() }),
  of('streamStop', {}),
  of('streamCommit', { xid: u32, ...commit }),
  of('beginPrepare', prepared),
  of('prepare', { streamed: fc.boolean(), ...prepared }),
  of('commitPrepared', { ...commit, xid: u32, gid: name }),
  of('rollbackPrepared', {
    prepareEnd: position,
    end: position,
    prepareTime: time,
    rollbackTime: time,
    xid: u32,
    gid: name,
  }),
];

const changes = (xid: fc.Arbitrary<number | null>): readonly fc.Arbitrary<Message>[] => [
  of('relation', {
    xid,
    oid: u32,
    schema,
    name,
    replicaIdentity: fc.constantFrom('default', 'nothing', 'full', 'index'),
    columns: fc.array(column, { maxLength: 8 }),
  }),
  of('type', { xid, oid: u32, schema, name }),
  of('insert', { xid, oid: u32, after: row }),
  of('update', { xid, oid: u32, old: fc.option(old), after: row }),
  of('delete', { xid, oid: u32, old }),
  of('truncate', { xid, oids: fc.array(u32), cascade: fc.boolean(), restartIdentity: fc.boolean() }),
  of('message', {
    xid,
    transactional: fc.boolean(),
    lsn: position,
    prefix: name,
    content: fc.uint8Array({ maxLength: 200 }),
  }),
];

const abort = fc.record({ lsn: position, time });

const within = (context: DecodeContext, ...messages: readonly fc.Arbitrary<Message>[]): fc.Arbitrary<Sample> =>
  fc.oneof(...messages).map((message) => ({ message, context }));

/** Every kind of message, inside and outside of stream blocks. */
export const sample: fc.Arbitrary<Sample> = fc.oneof(
  within({ inStream: false }, ...transactions, ...changes(fc.constant(null))),
  within({ inStream: true }, ...changes(u32)),
  within({ inStream: false }, of('streamAbort', { xid: u32, subXid: u32, abort: fc.constant(null) })),
  within({ inStream: false, parallelStreaming: true }, of('streamAbort', { xid: u32, subXid: u32, abort })),
);
