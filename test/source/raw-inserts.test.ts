import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plan } from '../../src/destination/changes/plan.ts';
import type { Target } from '../../src/destination/contract.ts';
import type { Change, Inserts, SourceEvent } from '../../src/model/change.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { Relation } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import type { Message, RelationMessage } from '../../src/pgoutput/message.ts';
import { Gathered } from '../../src/pipeline/gathered.ts';
import { Assembler } from '../../src/source/assembler.ts';
import { together } from '../support/messages.ts';
import { encode, frame, keepalive } from '../support/pgoutput-encoder.ts';
import { relation } from '../support/relations.ts';

const tables = [
  { ...relation('item', ['id int4', 'v text'], ['id']), oid: 5 },
  { ...relation('log', ['id int4', 'v text'], 'row'), oid: 6 },
] as const;

const described = ({ oid, name, columns }: Relation): RelationMessage => ({
  kind: 'relation',
  xid: null,
  ...{ oid, schema: 'public', name, replicaIdentity: 'default' },
  columns: columns.map((column) => ({ name: column.name, key: false, typeOid: 25, typmod: -1 })),
});

/** The events of these messages within one transaction, read from the socket at once, and the row changes among them. */
async function fed(messages: readonly (Message | Buffer)[]) {
  const assembler = new Assembler(
    {
      describe: async ({ oid }) => tables.find((table) => table.oid === oid) as Relation,
      remembered: () => null,
      refetch: async () => null,
    },
    lsn(1n),
  );
  const begin: Message = { kind: 'begin', commitLsn: lsn(9n), commitTime: 0, xid: 7 };
  const all = [...tables.map(described), begin, ...messages];
  const frames = all.map((one) => (Buffer.isBuffer(one) ? one : frame(1n, 0, encode(one))));
  const events = await assembler.feed([together(frames)]);
  return events.filter((event): event is Change | Inserts => 'relation' in event && event.kind !== 'relation');
}

const insert = (oid: number, after: Row): Message => ({ kind: 'insert', xid: null, oid, after });
const update = (oid: number, after: Row): Message => ({ kind: 'update', xid: null, oid, old: null, after });
const remove = (oid: number, row: Row): Message => ({
  kind: 'delete',
  xid: null,
  oid,
  old: { kind: oid === 5 ? 'key' : 'full', row: oid === 5 ? [row[0] ?? null, null] : row },
});
const brief = (events: readonly SourceEvent[]) =>
  events.map((event) => (event.kind === 'inserts' ? event.rows.length : event.kind));

it('keeps inserts of one table that follow each other together, and only those', async () => {
  const events = await fed([
    insert(5, ['1', 'a']),
    insert(5, ['2', null]),
    insert(6, ['1', 'a']),
    insert(5, ['3', 'a']),
    insert(5, ['4', 'a']),
    insert(5, ['5', 'é']),
    insert(5, ['6', 'a']),
    keepalive(5n, 0, false),
    insert(5, ['7', 'a']),
    insert(5, ['8', 'a']),
  ]);
  expect(brief(events)).toEqual([2, 'insert', 2, 'insert', 'insert', 2]);
});

it('reads a run as rows, as packed rows, as keys and as single changes, also a part of it, and of another relation', async () => {
  const rows = Array.from({ length: 9 }, (_, i) => [`${i}`, i % 3 === 0 ? null : `v${i}`]);
  const [run] = await fed(rows.map((row) => insert(5, row)));
  if (run?.kind !== 'inserts') throw new Error('no run');
  expect([...run.rows]).toEqual(rows);
  expect(rows.map((_, i) => run.rows.at(i))).toEqual(rows);
  expect(run.rows.at(9)).toBeUndefined();
  expect(rows.map((_, i) => run.rows.key?.(i))).toEqual(rows.map(([id]) => [id]));
  const bounds = new Int32Array(4);
  const texts = rows.map((_, i) => {
    const packed = run.rows.packed?.(i);
    packed?.bounds(bounds);
    return packed && Buffer.from(packed.buffer).toString('latin1', bounds[0], bounds[1]);
  });
  expect(texts).toEqual(rows.map(([id]) => id));
  expect([...run.rows.slice(2, 5)]).toEqual(rows.slice(2, 5));
  expect([...run.rows.slice(7)]).toEqual(rows.slice(7));
  expect([...run.rows.slice(5, 99), ...run.rows.slice(5, 2)]).toEqual(rows.slice(5));
  const routed = run.onto(tables[1]);
  expect(Array.from(routed.singles(), ({ kind, relation, after }) => [kind, relation, after])).toEqual(
    rows.map((row) => ['insert', tables[1], row]),
  );
});

const targetOf = (of: Relation): Target => ({
  relation: of,
  place: { schema: null, name: of.name, sql: of.name },
  codecs: [],
  columns: [],
  ordered: of.identity === 'key' ? null : { reason: 'no key', shared: false },
  bare: true,
  furtherUnique: false,
});
const steps = (changes: Parameters<typeof plan>[0]) =>
  plan(changes, targetOf).map((step) => ('rows' in step ? { ...step, rows: [...step.rows] } : { ...step }));

it('plans the same for changes that are kept together as for each by itself', async () => {
  const row = fc.tuple(fc.nat(5).map(String), fc.constantFrom('a', 'b', 'c', null, 'é'));
  const make = fc.constantFrom(insert, insert, insert, insert, insert, update, remove);
  const change = fc.tuple(make, fc.constantFrom(5, 5, 5, 6), row);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (drawn) => {
      const usable = drawn.filter(([how, oid]) => how !== update || oid === 5);
      const gathered = new Gathered();
      for (const event of await fed(usable.map(([how, oid, values]) => how(oid, values)))) {
        if (event.kind === 'inserts') runs += 1;
        gathered.push(event);
      }
      const kept = gathered.takeAll();
      expect(kept.length).toBe(usable.length);
      expect([...kept]).toHaveLength(usable.length);
      expect(steps(kept)).toEqual(steps([...kept]));
    }),
    { numRuns: 500 },
  );
  expect(runs).toBeGreaterThan(100);
});
