import type { ReplicaIdentity } from '../model/relation.ts';
import type {
  Delete,
  Insert,
  LogicalMessage,
  OldRow,
  RelationColumn,
  RelationMessage,
  Truncate,
  TypeMessage,
  Update,
} from './message.ts';
import { printable, type Reader } from './reader.ts';
import { tuple } from './tuple.ts';

const NEW = 0x4e; // N
const KEY = 0x4b; // K
const FULL = 0x4f; // O

const IDENTITIES = new Map<number, ReplicaIdentity>([
  [0x64, 'default'],
  [0x6e, 'nothing'],
  [0x66, 'full'],
  [0x69, 'index'],
]);

/** What stands between begin and commit. Changes inside of a stream block start with an xid. */
export interface ChangeContext {
  readonly inStream: boolean;
}

/** `R`: the shape of a table, before its first change and after each invalidation. */
export function relation(reader: Reader, context: ChangeContext): RelationMessage {
  return {
    kind: 'relation',
    xid: xid(reader, context),
    oid: reader.u32(),
    schema: namespace(reader),
    name: reader.cstring(),
    replicaIdentity: replicaIdentity(reader),
    columns: columns(reader),
  };
}

/** `Y`: a type that is not built in, before the relation that uses it. */
export function type(reader: Reader, context: ChangeContext): TypeMessage {
  return {
    kind: 'type',
    xid: xid(reader, context),
    oid: reader.u32(),
    schema: namespace(reader),
    name: reader.cstring(),
  };
}

/** `I` */
export function insert(reader: Reader, context: ChangeContext): Insert {
  return { kind: 'insert', xid: xid(reader, context), oid: reader.u32(), after: newRow(reader) };
}

/** `U`: the old key or row only where the server has to send it. */
export function update(reader: Reader, context: ChangeContext): Update {
  return {
    kind: 'update',
    xid: xid(reader, context),
    oid: reader.u32(),
    old: nextIs(reader, NEW) ? null : oldRow(reader),
    after: newRow(reader),
  };
}

/** `D` */
export function remove(reader: Reader, context: ChangeContext): Delete {
  return { kind: 'delete', xid: xid(reader, context), oid: reader.u32(), old: oldRow(reader) };
}

/** `T`: one message lists every published table of a TRUNCATE. */
export function truncate(reader: Reader, context: ChangeContext): Truncate {
  const of = xid(reader, context);
  const count = reader.count32();
  const options = flags(reader, 3);
  const oids: number[] = [];
  for (let index = 0; index < count; index += 1) oids.push(reader.u32());
  return {
    kind: 'truncate',
    xid: of,
    oids,
    cascade: (options & 1) !== 0,
    restartIdentity: (options & 2) !== 0,
  };
}

/** `M` */
export function message(reader: Reader, context: ChangeContext): LogicalMessage {
  return {
    kind: 'message',
    xid: xid(reader, context),
    transactional: flags(reader, 1) === 1,
    lsn: reader.lsn(),
    prefix: reader.cstring(),
    content: content(reader),
  };
}

function xid(reader: Reader, context: ChangeContext): number | null {
  return context.inStream ? reader.u32() : null;
}

/** The server sends an empty name for pg_catalog. */
function namespace(reader: Reader): string {
  return reader.cstring() || 'pg_catalog';
}

function replicaIdentity(reader: Reader): ReplicaIdentity {
  const byte = reader.u8();
  const identity = IDENTITIES.get(byte);
  return identity ?? reader.fail(`unknown replica identity '${printable(byte)}'`, reader.position - 1);
}

function columns(reader: Reader): RelationColumn[] {
  const count = reader.count16();
  const list: RelationColumn[] = [];
  for (let index = 0; index < count; index += 1) list.push(column(reader));
  return list;
}

function column(reader: Reader): RelationColumn {
  const key = flags(reader, 1) === 1;
  return { name: reader.cstring(), typeOid: reader.u32(), typmod: reader.i32(), key };
}

function newRow(reader: Reader): Insert['after'] {
  const kind = reader.u8();
  if (kind !== NEW) reader.fail(`'N' expected, not '${printable(kind)}'`, reader.position - 1);
  return tuple(reader);
}

function oldRow(reader: Reader): OldRow {
  const kind = reader.u8();
  if (kind !== KEY && kind !== FULL) reader.fail(`'K' or 'O' expected, not '${printable(kind)}'`, reader.position - 1);
  return { kind: kind === KEY ? 'key' : 'full', row: tuple(reader) };
}

function nextIs(reader: Reader, byte: number): boolean {
  return reader.position < reader.end && reader.buffer[reader.position] === byte;
}

function content(reader: Reader): Uint8Array {
  const length = reader.count32();
  const from = reader.take(length);
  return new Uint8Array(reader.buffer.subarray(from, from + length));
}

function flags(reader: Reader, known: number): number {
  const value = reader.u8();
  if ((value & ~known) !== 0) reader.fail(`unknown flags ${value}`, reader.position - 1);
  return value;
}
