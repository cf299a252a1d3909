import { readFileSync } from 'node:fs';
import { type Span, type SpanOptions, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { afterAll, expect, it } from 'vitest';
import type { Destination } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn } from '../../src/model/lsn.ts';
import { Applier } from '../../src/pipeline/applier.ts';
import type { ReadyBatch } from '../../src/pipeline/batcher.ts';
import { spanned } from '../../src/pipeline/trace.ts';
import { Counters } from '../../src/status/counters.ts';
import { NOTHING_UNTOLD } from '../support/untold.ts';

interface Told {
  readonly name: string;
  readonly attributes: unknown;
  status: unknown;
  ended: boolean;
}

/** As an SDK would, it takes every span. */
function listen(): Told[] {
  const told: Told[] = [];
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
  return told;
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
  const told = listen();
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

it('depends on an API that the SDKs of today take: one that is newer than theirs tells them nothing', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(dependencies['@opentelemetry/api']).toMatch(/^~1\.9\./);
});
