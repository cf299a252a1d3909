import { describe, expect, it } from 'vitest';
import { isStandby, Liveness, readiness } from '../../src/serve/probes.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import type { Status } from '../../src/status/status.ts';

const NOW = 1_000_000_000;
const STREAMING: Status = {
  ...sample(new Counters(0), null, NOW),
  phase: 'streaming',
  lag: { seconds: 0, bytes: 0, idle: true },
  seenAt: NOW,
};
const FAILURE = { message: 'ended', hint: '', at: NOW };
const LIMIT = 300_000;

describe('readiness', () => {
  it('succeeds while it streams, within the lag that is allowed', () => {
    expect(readiness(STREAMING, LIMIT, NOW)).toEqual({ ok: true, phase: 'streaming', reasons: [] });
    const behind = { ...STREAMING, lag: { seconds: 300, bytes: 5, idle: false } };
    expect(readiness(behind, LIMIT, NOW).ok).toBe(true);
  });

  it.each<[Partial<Status>, RegExp]>([
    [{ phase: 'connecting' }, /connecting/],
    [{ phase: 'preflight' }, /slot/],
    [{ phase: 'snapshot', tables: [] }, /initial copy is under way: 0 of 0/],
    [{ phase: 'paused' }, /held/],
    [{ phase: 'draining' }, /finishing/],
    [{ phase: 'stopped' }, /ended/],
    [
      { phase: 'retrying', retries: 2, lastError: { ...FAILURE, code: 'SOURCE_UNREACHABLE' } },
      /^SOURCE_UNREACHABLE: ended/,
    ],
    [{ phase: 'retrying', lastError: { ...FAILURE, code: 'SLOT_IN_USE' } }, /^standby/],
    [{ lag: { seconds: 301, bytes: 1, idle: false } }, /lag of 301 s is above the limit of 300 s/],
    [{ lag: { seconds: null, bytes: null, idle: false } }, /lag is not known/],
    [{ seenAt: NOW - 20_000 }, /source has not answered for 20 s/],
    [
      { destinations: [{ name: 'mirror', product: 'Kafka', flushed: '0/1', behindBytes: 7, failure: 'no broker' }] },
      /^mirror: no broker$/,
    ],
    [{ slotStatus: { active: false, walStatus: 'lost', safeBytes: null } }, /slot is lost/],
  ])('fails with %o, and says why', (change, why) => {
    const found = readiness({ ...STREAMING, ...change }, LIMIT, NOW);
    expect(found.ok).toBe(false);
    expect(found.reasons.join()).toMatch(why);
  });

  it('fails before the pipeline runs', () => {
    expect(readiness(null, LIMIT, NOW)).toMatchObject({ ok: false, phase: 'starting' });
  });

  it('knows a standby by what it waits for', () => {
    const retrying = { ...STREAMING, phase: 'retrying' as const };
    expect(isStandby({ ...retrying, lastError: { ...FAILURE, code: 'SLOT_IN_USE' } })).toBe(true);
    expect(isStandby({ ...retrying, lastError: { ...FAILURE, code: 'SOURCE_UNREACHABLE' } })).toBe(false);
  });
});

describe('liveness', () => {
  const HOUR = 3_600_000;
  const waiting: Status = { ...STREAMING, lag: { seconds: 9, bytes: 9, idle: false } };

  it('fails when changes wait and nothing moves for a quarter of an hour', () => {
    const liveness = new Liveness();
    expect(liveness.look(waiting, NOW).ok).toBe(true);
    expect(liveness.look(waiting, NOW + 600_000).ok).toBe(true);
    const stuck = liveness.look(waiting, NOW + HOUR);
    expect(stuck).toMatchObject({ ok: false, reasons: ['changes wait, and nothing has moved for 3600 s'] });
  });

  it('succeeds again as soon as anything moves', () => {
    const liveness = new Liveness();
    liveness.look(waiting, NOW);
    expect(liveness.look({ ...waiting, retries: 1 }, NOW + HOUR).ok).toBe(true);
  });

  it.each(['connecting', 'preflight', 'snapshot', 'paused', 'retrying', 'draining'] as const)(
    'does not ask for a restart in phase %s, which a restart would not shorten',
    (phase) => {
      const liveness = new Liveness();
      liveness.look({ ...waiting, phase }, NOW);
      expect(liveness.look({ ...waiting, phase }, NOW + HOUR).ok).toBe(true);
    },
  );

  it('does not take an idle hour for a stall', () => {
    const liveness = new Liveness();
    liveness.look(STREAMING, NOW);
    expect(liveness.look(STREAMING, NOW + HOUR).ok).toBe(true);
    expect(liveness.look(waiting, NOW + HOUR + 1).ok).toBe(true);
  });

  it('fails when the pipeline has ended and the process has not', () => {
    expect(new Liveness().look({ ...STREAMING, phase: 'stopped' }, NOW).ok).toBe(false);
  });
});
