import { describe, expect, it } from 'vitest';
import { lsn } from '../../src/model/lsn.ts';
import { IDLE_MS, IdlePosition } from '../../src/pipeline/idle.ts';

describe('IdlePosition', () => {
  it('writes an idle position at most once per interval', () => {
    const idle = new IdlePosition(null, 0);
    idle.offer(lsn(50n), false);
    expect(idle.due(lsn(10n), IDLE_MS - 1)).toBeNull();
    expect(idle.due(lsn(10n), IDLE_MS)).toBe(50n);
    idle.offer(lsn(60n), false);
    expect(idle.due(lsn(50n), IDLE_MS + 1)).toBeNull();
    expect(idle.due(lsn(50n), 2 * IDLE_MS)).toBe(60n);
  });

  it('never moves a checkpoint back', () => {
    const idle = new IdlePosition(null, 0);
    idle.offer(lsn(50n), false);
    idle.offer(lsn(40n), false);
    expect(idle.due(lsn(50n), IDLE_MS - 1)).toBeNull();
    expect(idle.due(lsn(60n), IDLE_MS)).toBe(60n);
  });

  it('writes the same position again where the destination was given nothing for long, to know whether it is there', () => {
    const idle = new IdlePosition(null, 0);
    idle.offer(lsn(50n), false);
    idle.busy(5);
    expect(idle.due(lsn(50n), IDLE_MS)).toBeNull();
    expect(idle.due(lsn(50n), IDLE_MS + 5)).toBe(50n);
    expect(idle.due(lsn(50n), IDLE_MS + 6)).toBeNull();
    expect(idle.due(lsn(50n), 2 * IDLE_MS + 5)).toBe(50n);
  });

  it('writes at once when the server waits for the answer', () => {
    const idle = new IdlePosition(null, 0);
    idle.offer(lsn(50n), true);
    expect(idle.due(lsn(10n), 1)).toBe(50n);
    idle.offer(lsn(51n), false);
    expect(idle.due(lsn(50n), 2)).toBeNull();
  });

  it('writes at once when the awaited position is reached', () => {
    const idle = new IdlePosition(lsn(50n), 0);
    idle.offer(lsn(49n), false);
    expect(idle.due(lsn(10n), 1)).toBeNull();
    idle.offer(lsn(50n), false);
    expect(idle.due(lsn(10n), 2)).toBe(50n);
  });
});
