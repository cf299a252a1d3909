import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Events } from '../../../src/destination/kafka/events/events.ts';
import type { EventOptions } from '../../../src/destination/kafka/options.ts';
import type { Change } from '../../../src/model/change.ts';
import { lsn } from '../../../src/model/lsn.ts';
import { customers, eventOptions } from './options.ts';

const table = customers();
const ANNE = ['1', 'Anne', 'Kretchmar', 'annek@noanswer.org'];
/** One transaction of each kind of change. */
const CHANGES: Readonly<Record<string, Change>> = {
  insert: { kind: 'insert', relation: table, after: ANNE },
  update: { kind: 'update', relation: table, key: ['1'], after: ['1', 'Anne Marie', ...ANNE.slice(2)] },
  move: { kind: 'update', relation: table, key: ['1'], after: ['2', ...ANNE.slice(1)] },
  delete: { kind: 'delete', relation: table, key: ['1'] },
};

/** The records of one transaction that consists of this change, as the documentation shows them. */
function recordsOf(change: Change, more: Partial<EventOptions>): unknown[] {
  const events = new Events(eventOptions(more));
  events.prepare(table);
  const part = { xid: 571, commitLsn: lsn(24023128n), commitTime: 1559033904863, upTo: 1, open: false };
  const batch = { changes: [change], parts: [part], end: lsn(24023200n), rows: 1, transactions: 1, commitTime: 0 };
  const json = (bytes: Buffer | string | null): unknown => (bytes === null ? null : JSON.parse(bytes.toString()));
  return [...events.of(batch, 1559033904970)].map(({ topic, key, headers, value }) => {
    return { topic, headers, key: json(key), value: json(value) };
  });
}

const page = readFileSync('docs/kafka.md', 'utf8');
const block = (name: string): unknown =>
  JSON.parse(new RegExp(`<!-- example: ${name} -->\\n\`\`\`json\\n([\\s\\S]*?)\\n\`\`\``).exec(page)?.[1] ?? 'null');

it.each([
  ['insert', 'insert', {}],
  ['update', 'update', {}],
  ['delete', 'delete', {}],
  ['key change', 'move', {}],
  ['flat update', 'update', { format: 'flat' }],
] as const)('docs/kafka.md shows the records of %s as they are written', (name, kind, more) => {
  expect(recordsOf(CHANGES[kind] as Change, more)).toEqual(block(name));
});
