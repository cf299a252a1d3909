import { readFileSync } from 'node:fs';
import { type Span, type SpanOptions, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { afterAll, expect, it } from 'vitest';
import type { Destination, TableCopy } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { CopyChunk, SourceTable } from '../../src/model/source.ts';
import { Applier } from '../../src/pipeline/applier.ts';
import type { ReadyBatch } from '../../src/pipeline/batcher.ts';
import { copyTables } from '../../src/pipeline/copy.ts';
import { Gate } from '../../src/pipeline/gate.ts';
import { spanned } from '../../src/pipeline/trace.ts';
import { Counters } from '../../src/status/counters.ts';
import { relation } from '../support/relations.ts';
import { NOTHING_UNTOLD } from '../support/untold.ts';

interface Told {
  readonly name: string;
  readonly attributes: unknown;
  status: unknown;
  ended: boolean;
}

/** The tracer keeps the SDK that it met first: what that one was told is for every test. */
const told: Told[] = [];

/** As an SDK would, it takes every span. */
function listen(): void {
  told.length = 0;
  const startActiveSpan = (name: string, { attributes }: SpanOptions, work: (span: Span) => unknown) => {
    const one: Told = { name, attributes, status: null, ended: false };
    told.push(one);
    const span = {
      setStatus: (status: unknown) => {
        one.status = status;
      },
      end: () => {
        one.ended = true;
      },
    };
    return work(span as unknown as Span);
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) as unknown as Tracer });
}

afterAll(() => trace.disable());

const BATCH: ReadyBatch = {
  changes: [],
  rows: 3,
  bytes: 99,
  transactions: 2,
  commitTime: null,
  end: lsn(0x16n),
  relations: new Set(),
};

const TABLE: SourceTable = {
  relation: relation('t', ['id int4'], ['id']),
  kind: 'table',
  estimatedRows: null,
  bytes: 0,
  rowFilter: null,
};
const NOTHING = async (): Promise<void> => undefined;

/** Five rows of ten bytes each. */
async function* chunks(): AsyncIterable<CopyChunk> {
  for (const id of '12345') yield { rows: [[id]], bytes: 10 };
}

async function applied(apply: () => Promise<void>): Promise<void> {
  const waiting = [BATCH];
  const applier = new Applier({
    emit: () => undefined,
    untold: NOTHING_UNTOLD,
    signal: new AbortController().signal,
    destination: { apply, reconnect: async () => lsn(0n) } as unknown as Destination,
    counters: new Counters(0),
    next: () => waiting.shift() ?? null,
    durable: () => undefined,
  });
  applier.kick(() => undefined);
  await applier.settled();
}

// The tracer keeps the SDK that it meets: this comes before.
it('without an SDK it only does the work', async () => {
  await expect(spanned('pg2any.apply', {}, async () => 7)).resolves.toBe(7);
  await expect(spanned('pg2any.apply', {}, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});

it('tells of each batch how large it is and where it ends, and of each try how it went', async () => {
  listen();
  let tries = 0;
  await applied(async () => {
    if (++tries === 1) throw new Pg2anyError('DESTINATION_BUSY', 'a row that nobody should read');
  });
  expect(told).toEqual([
    {
      name: 'pg2any.batch',
      attributes: { rows: 3, bytes: 99, transactions: 2, lsn: '0/16' },
      status: null,
      ended: true,
    },
    {
      name: 'pg2any.apply',
      attributes: { rows: 3 },
      status: { code: SpanStatusCode.ERROR, message: 'DESTINATION_BUSY' },
      ended: true,
    },
    { name: 'pg2any.apply', attributes: { rows: 3 }, status: null, ended: true },
  ]);
});

it('tells of each chunk of a copy its table and how large it is, and of one that failed the code alone', async () => {
  listen();
  const { relation } = TABLE;
  const copy = (write: TableCopy['write']): Promise<unknown> =>
    copyTables([TABLE], {
      snapshot: { lsn: lsn(1n), read: chunks, close: async () => undefined },
      destination: {
        copy: async () => ({ lanes: 1, write, finish: NOTHING, close: NOTHING }),
      } as unknown as Destination,
      counters: new Counters(0),
      emit: () => undefined,
      limits: { rows: 2, bytes: 1 << 20 },
      gate: new Gate(),
      signal: new AbortController().signal,
    });
  await copy(NOTHING);
  const name = 'pg2any.copy.chunk';
  const table = `${relation.schema}.${relation.name}`;
  const ok = { name, status: null, ended: true };
  expect(told.splice(0)).toEqual([
    { ...ok, attributes: { table, rows: 4, bytes: 40 } },
    { ...ok, attributes: { table, rows: 1, bytes: 10 } },
  ]);
  const refused = copy(() => Promise.reject(new Pg2anyError('VALUE_REFUSED', 'a row that nobody should read')));
  await expect(refused).rejects.toThrow();
  const status = { code: SpanStatusCode.ERROR, message: 'VALUE_REFUSED' };
  expect(told[0]).toEqual({ name, attributes: { table, rows: 4, bytes: 40 }, status, ended: true });
});

it('depends on an API that the SDKs of today take: one that is newer than theirs tells them nothing', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(dependencies['@opentelemetry/api']).toMatch(/^~1\.9\./);
});
