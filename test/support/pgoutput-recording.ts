import { readFileSync } from 'node:fs';
import type { Recording } from '../../scripts/pgoutput/recorder.ts';
import { UNCHANGED, type Value } from '../../src/model/value.ts';
import { type DecodeContext, decode } from '../../src/pgoutput/decode.ts';
import { decodeFrame, type Frame } from '../../src/pgoutput/frame.ts';
import type { Message, OldRow, RelationMessage } from '../../src/pgoutput/message.ts';

export const VERSIONS = [13, 14, 15, 16, 17, 18] as const;
export type Version = (typeof VERSIONS)[number];
export const since = (first: Version): readonly Version[] => VERSIONS.filter((version) => version >= first);

/** One recorded CopyData content. A keepalive has no message. */
export interface Recorded {
  readonly bytes: Buffer;
  readonly frame: Frame;
  readonly context: DecodeContext;
  readonly message: Message | null;
}

/** What a server of that version sent, by case. Made by scripts/record-pgoutput.ts. */
export function recordings(version: Version): readonly Recording[] {
  const file = new URL(`../pgoutput/fixtures/pg${version}.jsonl`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Recording);
}

export function recording(version: Version, name: string): Recording {
  const found = recordings(version).find((it) => it.case === name);
  if (!found) throw new Error(`PostgreSQL ${version} has no recording of ${name}`);
  return found;
}

/** Decodes a whole recording, following its stream blocks. */
export function play(it: Recording): readonly Recorded[] {
  let inStream = false;
  return it.frames.map((content) => {
    const bytes = Buffer.from(content, 'base64');
    const frame = decodeFrame(bytes, 0, bytes.length);
    const context = { inStream, parallelStreaming: it.parallel };
    if (frame.kind === 'keepalive') return { bytes, frame, context, message: null };
    const message = decode(bytes, frame.payload, bytes.length, context);
    if (message.kind === 'streamStart') inStream = true;
    if (message.kind === 'streamStop') inStream = false;
    return { bytes, frame, context, message };
  });
}

export const messages = (it: Recording): readonly Message[] =>
  play(it).flatMap(({ message }) => (message ? [message] : []));

const FIRST_USER_OID = 16384;

const value = (it: Value): string => {
  if (it === null) return 'null';
  if (it === UNCHANGED) return 'unchanged';
  return it.length > 1000 ? `'${it.slice(0, 1)}' × ${it.length}` : `'${it}'`;
};
const row = (it: readonly Value[]): string => `(${it.map(value).join(', ')})`;
const old = (it: OldRow): string => `${it.kind} ${row(it.row)}`;

/** Messages as text that is the same on every server: without positions, times, xids and OIDs. */
export class Transcript {
  private readonly tables = new Map<number, string>();
  private readonly types = new Map<number, string>();

  line(it: Message): string {
    switch (it.kind) {
      case 'relation':
        return this.relation(it);
      case 'type':
        this.types.set(it.oid, `${it.schema}.${it.name}`);
        return `type ${it.schema}.${it.name}`;
      case 'insert':
        return `insert ${this.table(it.oid)} ${row(it.after)}`;
      case 'update':
        return `update ${this.table(it.oid)} ${it.old ? `${old(it.old)} ` : ''}to ${row(it.after)}`;
      case 'delete':
        return `delete ${this.table(it.oid)} ${old(it.old)}`;
      case 'truncate':
        return `truncate ${it.oids.map((oid) => this.table(oid)).join(', ')}${it.cascade ? ' cascade' : ''}${it.restartIdentity ? ' restart identity' : ''}`;
      case 'message':
        return `message ${it.transactional ? 'transactional' : 'alone'} '${it.prefix}' ${Buffer.from(it.content).toString('latin1')}`;
      case 'origin':
        return `origin '${it.name}'`;
      default:
        return it.kind;
    }
  }

  private table(oid: number): string {
    return this.tables.get(oid) ?? `unknown ${oid}`;
  }

  private relation(it: RelationMessage): string {
    this.tables.set(it.oid, `${it.schema}.${it.name}`);
    const type = (oid: number): string =>
      oid < FIRST_USER_OID ? String(oid) : (this.types.get(oid) ?? `unknown ${oid}`);
    const columns = it.columns.map((column) => `${column.name}${column.key ? '*' : ''} ${type(column.typeOid)}`);
    return `relation ${it.schema}.${it.name} ${it.replicaIdentity} (${columns.join(', ')})`;
  }
}

/** The lines of a recording. Transactions without content, which only servers before 15 send, are left out. */
export function transcript(it: Recording): readonly string[] {
  const script = new Transcript();
  const lines: string[] = [];
  for (const message of messages(it)) {
    const line = script.line(message);
    if (line === 'commit' && lines.at(-1) === 'begin') lines.pop();
    else lines.push(line);
  }
  return lines;
}
