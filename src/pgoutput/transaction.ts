import type {
  Begin,
  BeginPrepare,
  Commit,
  CommitPrepared,
  Origin,
  Prepare,
  RollbackPrepared,
  StreamAbort,
  StreamCommit,
  StreamStart,
} from './message.ts';
import type { Reader } from './reader.ts';

/** `B` */
export function begin(reader: Reader): Begin {
  return { kind: 'begin', commitLsn: reader.lsn(), commitTime: reader.time(), xid: reader.u32() };
}

/** `C` */
export function commit(reader: Reader): Commit {
  noFlags(reader);
  return { kind: 'commit', commitLsn: reader.lsn(), end: reader.lsn(), commitTime: reader.time() };
}

/** `O` */
export function origin(reader: Reader): Origin {
  return { kind: 'origin', lsn: reader.lsn(), name: reader.cstring() };
}

/** `S` */
export function streamStart(reader: Reader): StreamStart {
  return { kind: 'streamStart', xid: reader.u32(), first: boolean(reader) };
}

/** `c` */
export function streamCommit(reader: Reader): StreamCommit {
  const xid = reader.u32();
  return { ...commit(reader), kind: 'streamCommit', xid };
}

/** `A`: position and time follow only where streaming 'parallel' was asked for. */
export function streamAbort(reader: Reader, parallel: boolean): StreamAbort {
  return {
    kind: 'streamAbort',
    xid: reader.u32(),
    subXid: reader.u32(),
    abort: parallel ? { lsn: reader.lsn(), time: reader.time() } : null,
  };
}

/** `b` */
export function beginPrepare(reader: Reader): BeginPrepare {
  return { kind: 'beginPrepare', ...prepared(reader) };
}

/** `P`, and `p` for a streamed transaction */
export function prepare(reader: Reader, streamed: boolean): Prepare {
  noFlags(reader);
  return { kind: 'prepare', streamed, ...prepared(reader) };
}

/** `K` */
export function commitPrepared(reader: Reader): CommitPrepared {
  return { ...commit(reader), kind: 'commitPrepared', xid: reader.u32(), gid: reader.cstring() };
}

/** `r` */
export function rollbackPrepared(reader: Reader): RollbackPrepared {
  noFlags(reader);
  return {
    kind: 'rollbackPrepared',
    prepareEnd: reader.lsn(),
    end: reader.lsn(),
    prepareTime: reader.time(),
    rollbackTime: reader.time(),
    xid: reader.u32(),
    gid: reader.cstring(),
  };
}

function prepared(reader: Reader): Omit<BeginPrepare, 'kind'> {
  return {
    prepareLsn: reader.lsn(),
    end: reader.lsn(),
    prepareTime: reader.time(),
    xid: reader.u32(),
    gid: reader.cstring(),
  };
}

/** Reserved: zero in every version so far, so anything else has a meaning we do not know. */
function noFlags(reader: Reader): void {
  const flags = reader.u8();
  if (flags !== 0) reader.fail(`unknown flags ${flags}`, reader.position - 1);
}

function boolean(reader: Reader): boolean {
  const byte = reader.u8();
  if (byte > 1) reader.fail(`0 or 1 expected, not ${byte}`, reader.position - 1);
  return byte === 1;
}
