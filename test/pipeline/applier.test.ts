import { describe, expect, it } from 'vitest';
import type { Destination } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn } from '../../src/model/lsn.ts';
import { Applier } from '../../src/pipeline/applier.ts';
import type { ReadyBatch } from '../../src/pipeline/batcher.ts';
import { Counters } from '../../src/status/counters.ts';
import { NOTHING_UNTOLD } from '../support/untold.ts';

const batch = (end: number): ReadyBatch => ({
  bytes: 0,
  changes: [],
  rows: 0,
  transactions: 1,
  commitTime: null,
  end: lsn(BigInt(end)),
  relations: new Set(),
});

const PORTS = {
  emit: () => undefined,
  untold: NOTHING_UNTOLD,
  signal: new AbortController().signal,
};

function applierOver(
  waiting: ReadyBatch[],
  apply: (batch: { end: unknown }) => Promise<void>,
  durable: (end: bigint) => void,
) {
  return new Applier({
    ...PORTS,
    destination: { apply } as unknown as Destination,
    counters: new Counters(0),
    next: () => waiting.shift() ?? null,
    durable,
  });
}

describe('Applier', () => {
  it('shows that it retries for as long as the destination is away', async () => {
    const counters = new Counters(0);
    counters.phase = 'streaming';
    const phases: string[] = [];
    let tries = 0;
    const apply = async () => {
      if (++tries === 1) throw new Pg2anyError('DESTINATION_UNREACHABLE', 'away');
      phases.push(counters.phase);
    };
    const reconnect = async () => {
      phases.push(counters.phase);
      return lsn(0n);
    };
    const waiting = [batch(1)];
    const applier = new Applier({
      ...PORTS,
      destination: { apply, reconnect } as unknown as Destination,
      counters,
      next: () => waiting.shift() ?? null,
      durable: () => undefined,
    });
    applier.kick(() => undefined);
    await applier.settled();
    expect(phases).toEqual(['retrying', 'streaming']);
    expect(counters.lastError).toMatchObject({ code: 'DESTINATION_UNREACHABLE', message: 'away' });
  });

  it('never leaves a batch lying that arrives in the moment it runs dry', async () => {
    const waiting = [batch(1)];
    const done: bigint[] = [];
    const applier = applierOver(
      waiting,
      async () => undefined,
      (end) => done.push(end),
    );
    applier.kick(() => undefined);
    // Every turn of the microtask queue is a moment in which the next chunk may come.
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
      waiting.push(batch(turn + 2));
      applier.kick(() => undefined);
      await applier.settled();
      expect(waiting).toEqual([]);
    }
    expect(done).toHaveLength(21);
  });

  it('applies nothing more after a failure, and tells it once', async () => {
    const waiting = [batch(1), batch(2)];
    const failures: unknown[] = [];
    const applier = applierOver(
      waiting,
      () => Promise.reject(new Error('broken')),
      () => undefined,
    );
    applier.kick((error) => failures.push(error));
    await applier.settled();
    applier.kick((error) => failures.push(error));
    await applier.settled();
    expect(failures).toHaveLength(1);
    expect(waiting).toHaveLength(1);
  });
});
