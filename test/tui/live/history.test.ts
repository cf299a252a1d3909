import { expect, test } from 'vitest';
import type { Status } from '../../../src/status/status.ts';
import { NO_HISTORY, remember } from '../../../src/tui/live/history.ts';
import { statusAt, table } from './fixture.ts';

const after = (statuses: readonly Status[]) => statuses.reduce(remember, NO_HISTORY);

/** Four times a second, this many inserts a second. */
const running = (seconds: number, rate: number): Status[] =>
  Array.from({ length: seconds * 4 + 1 }, (_, index) =>
    statusAt(index * 250, { tables: [table('public.t', { inserts: Math.round((index * rate) / 4) })] }),
  );

test('rates are over the last two seconds', () => {
  const { rates } = after([...running(5, 400), statusAt(6000, { tables: [table('public.t', { inserts: 2000 })] })]);
  expect(rates.rows).toBe(200);
  expect(rates.tables.get('public.t')).toBe(200);
});

test('one status alone tells no rate, and a new table does not begin with all it has', () => {
  expect(after(running(0, 400)).rates.rows).toBe(0);
  const fresh = statusAt(1000, { tables: [table('public.new', { inserts: 5000 })] });
  expect(after([statusAt(0), fresh]).rates.tables.get('public.new')).toBe(0);
});

test('a copy that begins anew never counts backwards', () => {
  const copied = (copiedRows: number) => ({ tables: [table('public.t', { state: 'copying' as const, copiedRows })] });
  const { rates } = after([statusAt(0, copied(9000)), statusAt(1000, copied(10))]);
  expect([rates.rows, rates.tables.get('public.t')]).toEqual([0, 0]);
});

test('a bar stands for a second, and only the last minute is kept', () => {
  expect(after(running(3, 400)).bars.rows).toEqual([400, 400, 400]);
  expect(after(running(90, 400)).bars.rows).toHaveLength(60);
  expect(after(running(90, 400)).recent.length).toBeLessThan(12);
});

test('a process that was started anew begins anew', () => {
  const other = { ...statusAt(3000), startedAt: statusAt(0).startedAt + 1 };
  const history = after([...running(2, 400), other]);
  expect(history.recent).toEqual([other]);
  expect(history.bars.rows).toEqual([]);
});
