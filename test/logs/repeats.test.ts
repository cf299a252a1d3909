import { expect, it } from 'vitest';
import { Repeats } from '../../src/logs/repeats.ts';
import type { LogEvent } from '../../src/model/event.ts';

const event = (at: number, data: LogEvent['data'] = { code: 'DESTINATION_BUSY' }): LogEvent => ({
  at,
  severity: 'warn',
  event: 'destination.retry',
  message: `deadlock ${at}`,
  data,
});

it('writes the first five of a kind within a minute, and counts the others', () => {
  const repeats = new Repeats();
  const passed = Array.from({ length: 20 }, (_, i) => repeats.passes(event(i), i));
  expect(passed.filter(Boolean)).toHaveLength(5);
  expect(repeats.due(59_999)).toEqual([]);
  expect(repeats.due(60_000)).toEqual([
    {
      at: 60_000,
      severity: 'warn',
      event: 'log.repeated',
      message: 'destination.retry came 15 more times within a minute, the first: deadlock 0',
      data: { repeated: 'destination.retry', count: 15, code: 'DESTINATION_BUSY', table: null },
    },
  ]);
});

it('begins anew after the minute, and says nothing where nothing was held back', () => {
  const repeats = new Repeats();
  for (let i = 0; i < 5; i += 1) repeats.passes(event(i), i);
  expect(repeats.due(70_000)).toEqual([]);
  expect(repeats.passes(event(70_000), 70_000)).toBe(true);
});

it('tells apart by code and by table', () => {
  const repeats = new Repeats();
  for (let i = 0; i < 9; i += 1) repeats.passes(event(i), i);
  expect(repeats.passes(event(9, { code: 'SOURCE_UNREACHABLE' }), 9)).toBe(true);
  expect(repeats.passes(event(9, { code: 'DESTINATION_BUSY', table: 'public.t' }), 9)).toBe(true);
  expect(repeats.passes(event(9), 9)).toBe(false);
});
