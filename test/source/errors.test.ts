import { describe, expect, it } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import type { Code } from '../../src/model/error-codes.ts';
import { sourceError } from '../../src/source/errors.ts';

const failure = (code: string, message = 'words', more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });
const classify = (code: string, message?: string) => sourceError(failure(code, message), 'work').code;

describe('sourceError', () => {
  it.each<[state: string, message: string, code: Code, retry: boolean]>([
    ['08006', 'connection failure', 'SOURCE_UNREACHABLE', true],
    ['57P01', 'terminating connection due to administrator command', 'SOURCE_UNREACHABLE', true],
    ['57P03', 'the database system is starting up', 'SOURCE_UNREACHABLE', true],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'SOURCE_UNREACHABLE', true],
    ['ECONNRESET', 'read ECONNRESET', 'SOURCE_UNREACHABLE', true],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND db', 'SOURCE_UNREACHABLE', true],
    ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN db', 'SOURCE_UNREACHABLE', true],
    ['ERR_STREAM_PREMATURE_CLOSE', 'Premature close', 'SOURCE_UNREACHABLE', true],
    ['', 'Connection terminated unexpectedly', 'SOURCE_UNREACHABLE', true],
    ['', 'Client has encountered a connection error and is not queryable', 'SOURCE_UNREACHABLE', true],
    ['', 'Client was closed and is not queryable', 'SOURCE_UNREACHABLE', true],
    ['', 'timeout expired', 'SOURCE_UNREACHABLE', true],
    ['', 'Query read timeout', 'SOURCE_UNREACHABLE', true],
    ['53300', 'sorry, too many clients already', 'SOURCE_BUSY', true],
    ['53400', 'all replication slots are in use', 'SOURCE_BUSY', true],
    ['55006', 'replication slot "s" is active for PID 1', 'SLOT_IN_USE', true],
    ['28000', 'no pg_hba.conf entry for host', 'SOURCE_AUTH', false],
    ['28P01', 'password authentication failed', 'SOURCE_AUTH', false],
    ['3D000', 'database "x" does not exist', 'SOURCE_AUTH', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'SOURCE_AUTH', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname/IP does not match', 'SOURCE_AUTH', false],
    ['', 'The server does not support SSL connections', 'SOURCE_AUTH', false],
    ['42501', 'must be superuser or replication role', 'SOURCE_PRIVILEGE', false],
    ['42704', 'publication "p" does not exist', 'PUBLICATION_MISSING', false],
    ['55000', 'skipped loading publication "p"', 'PUBLICATION_MISSING', false],
    ['42704', 'replication slot "s" does not exist', 'SLOT_MISSING', false],
    ['55000', 'can no longer access replication slot "s"', 'SLOT_LOST', false],
    ['55000', 'cannot read from logical replication slot "s"', 'SLOT_LOST', false],
    ['55000', 'replication slot "s" was not created in this database', 'SLOT_MISMATCH', false],
    ['55000', 'logical decoding requires wal_level >= logical', 'SOURCE_UNSUITABLE', false],
    ['0A000', 'client sent proto_version=9 but server only supports', 'SOURCE_UNSUITABLE', false],
    ['25006', 'cannot execute CREATE PUBLICATION in a read-only transaction', 'SOURCE_UNSUITABLE', false],
    ['22021', 'invalid byte sequence for encoding "UTF8"', 'SOURCE_ENCODING', false],
    ['22P05', 'character has no equivalent in encoding "UTF8"', 'SOURCE_ENCODING', false],
    ['', 'received invalid response: 1', 'PROTOCOL', false],
    ['ERR_INVALID_ARG_TYPE', 'a mistake of ours', 'INTERNAL', false],
    ['42703', 'column "x" does not exist', 'INTERNAL', false],
    ['', 'something else', 'INTERNAL', false],
  ])('%s "%s" is %s', (state, message, code, retry) => {
    const error = sourceError(failure(state, message), 'work');
    expect([error.code, error.retry]).toEqual([code, retry]);
  });

  it('does not take a state for another by its first characters', () => {
    expect(classify('55P03', 'could not obtain lock')).toBe('INTERNAL');
    expect(classify('42P01', 'relation "publication" does not exist')).toBe('INTERNAL');
  });

  it('says what was tried, what the server said, and its state', () => {
    const error = sourceError(failure('53300', 'too many', { detail: 'Limit is 3.' }), 'connect');
    expect(error.message).toBe('could not connect: too many (Limit is 3.) [53300]');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('names every address that was tried', () => {
    const all = new AggregateError([
      failure('ECONNREFUSED', 'connect ::1'),
      failure('ECONNREFUSED', 'connect 127.0.0.1'),
    ]);
    const error = sourceError(Object.assign(all, { code: 'ECONNREFUSED' }), 'connect');
    expect(error.message).toBe('could not connect: connect ::1; connect 127.0.0.1 [ECONNREFUSED]');
    expect(error.code).toBe('SOURCE_UNREACHABLE');
  });

  it('leaves what is classified already alone', () => {
    const known = new Pg2anyError('SLOT_LOST', 'gone');
    expect(sourceError(known, 'work')).toBe(known);
  });

  it('takes notices and other things that are no errors', () => {
    expect(sourceError({ message: 'skipped loading publication "p"', code: '55000' }, 'stream').code).toBe(
      'PUBLICATION_MISSING',
    );
    expect(sourceError('words', 'work')).toMatchObject({ code: 'INTERNAL', message: 'could not work: words' });
  });
});
