import { describe, expect, it } from 'vitest';
import { lsn, ZERO_LSN } from '../../src/model/lsn.ts';
import { FEEDBACK, Feedback } from '../../src/source/feedback.ts';

const OPTIONS = { ...FEEDBACK, heartbeatMs: 10_000 };
const at = (value: number) => lsn(BigInt(value));
const feedback = (start = 100) => new Feedback(OPTIONS, at(start), 0);

describe('Feedback', () => {
  it('says nothing while nothing is due', () => {
    expect(feedback().due(9_999)).toBeNull();
  });

  it('breaks the silence with a ping, so that a silent server is a dead one', () => {
    expect(feedback().due(10_000)).toMatchObject({ ping: true });
  });

  it('confirms only what was acknowledged, never what was only received', () => {
    const it = feedback();
    it.onData(at(500));
    it.acknowledge(at(300));
    expect(it.due(10_000)).toMatchObject({ received: at(500), flushed: at(300) });
  });

  it('never confirms beyond what the server sent', () => {
    const it = feedback();
    it.onData(at(200));
    it.acknowledge(at(900));
    expect(it.due(10_000)?.flushed).toBe(at(200));
  });

  it('claims nothing before the server has sent anything', () => {
    expect(feedback().due(10_000)).toMatchObject({ received: ZERO_LSN, flushed: ZERO_LSN });
  });

  it('merges acknowledgements of one second into one update', () => {
    const it = feedback();
    it.onData(at(500));
    it.acknowledge(at(300));
    expect(it.due(999)).toBeNull();
    it.acknowledge(at(400));
    expect(it.due(1_000)).toMatchObject({ flushed: at(400), ping: false });
    expect(it.due(2_500)).toBeNull();
  });

  it('never goes back', () => {
    const it = feedback();
    it.onData(at(500));
    it.acknowledge(at(400));
    it.acknowledge(at(300));
    expect(it.due(1_000)?.flushed).toBe(at(400));
  });

  it('answers a request, but not in a hot loop', () => {
    const it = feedback();
    it.onKeepalive(at(500), true, 100);
    expect(it.due(100)).not.toBeNull();
    let answers = 0;
    for (let now = 100; now < 1_100; now += 1) {
      it.onKeepalive(at(500), true, now);
      if (it.due(now)) answers += 1;
    }
    expect(answers).toBeLessThanOrEqual(10);
  });

  it('knows a shutdown that it holds up, and leaves only after the grace period', () => {
    const it = feedback();
    it.onKeepalive(at(500), true, 0);
    expect(it.holdsUpShutdown(4_999)).toBe(false);
    it.onKeepalive(at(500), true, 5_000);
    expect(it.holdsUpShutdown(5_000)).toBe(true);
  });

  it('does not hold up a shutdown once everything is durable', () => {
    const it = feedback();
    it.onKeepalive(at(500), true, 0);
    it.acknowledge(at(500));
    it.onKeepalive(at(500), true, 6_000);
    expect(it.holdsUpShutdown(6_000)).toBe(false);
    expect(it.due(6_000)).toMatchObject({ flushed: at(500) });
  });

  it('does not take an ordinary ping of a busy server for a shutdown', () => {
    const it = feedback();
    it.onKeepalive(at(500), true, 0);
    it.due(200);
    it.onKeepalive(at(700), true, 15_000);
    expect(it.holdsUpShutdown(15_000)).toBe(false);
  });
});
