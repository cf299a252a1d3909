import { expect, test } from 'vitest';
import { selectedTable, shownTables } from '../../../src/tui/live/choice.ts';
import { type Command, keysOf } from '../../../src/tui/live/keys.ts';
import { type Action, reduce } from '../../../src/tui/live/reducer.ts';
import type { LiveState } from '../../../src/tui/live/state.ts';
import { event, shop, stateOf, statusAt, table } from './fixture.ts';

const after = (state: LiveState, ...actions: readonly (Action | Command)[]): LiveState =>
  actions.reduce<LiveState>(
    (before, one) => reduce(before, typeof one === 'string' ? { type: 'command', command: one } : one),
    state,
  );
const told = (ms: number, tables = shop(ms)): Action => ({ type: 'status', status: statusAt(ms, { tables }) });
const happened = (number: number): Action[] =>
  Array.from({ length: number }, (_, index) => ({ type: 'event', event: event(index, 'ok', `event ${index}`) }));

const names = (state: LiveState): string[] => shownTables(state).map(({ name }) => name);
const running = after(stateOf(), told(0), told(1000), told(2000));

test('what fails comes first, then the busiest', () => {
  expect(names(running)).toEqual(['public.legacy', 'public.events', 'public.orders', 'public.customers', 'audit.log']);
});

test('tables are sorted by name, state and changes, and the other way round', () => {
  expect(names(after(running, 'sort'))[0]).toBe('audit.log');
  expect(names(after(running, 'sort', 'reverse'))[0]).toBe('public.orders');
  expect(names(after(running, 'sort', 'sort')).slice(0, 3)).toEqual(['public.legacy', 'public.events', 'audit.log']);
  expect(names(after(running, 'sort', 'sort', 'sort'))[1]).toBe('public.orders');
  expect(after(running, 'reverse', 'sort', 'sort', 'sort', 'sort')).toMatchObject({ sort: 'rows/s', reversed: false });
});

test('the selection stays on its table while the order changes', () => {
  const chosen = after(running, 'down', 'down');
  expect(selectedTable(chosen)?.name).toBe('public.orders');
  expect(selectedTable(after(chosen, 'sort'))?.name).toBe('public.orders');
});

test('the selection never leaves the tables, and falls back to the first where its table is gone', () => {
  expect(selectedTable(after(running, 'up'))?.name).toBe('public.legacy');
  expect(selectedTable(after(running, 'last', 'down'))?.name).toBe('audit.log');
  expect(selectedTable(after(running, 'last', told(2250, [table('public.t')])))?.name).toBe('public.t');
  expect(selectedTable(after(stateOf(), 'down', 'open'))).toBeNull();
});

test('a filter is typed, mended, kept with enter and dropped with esc', () => {
  const typing = after(running, 'filter', { type: 'text', text: 'ORX' }, { type: 'erase' });
  expect(names(typing)).toEqual(['public.orders']);
  expect(after(typing, 'open')).toMatchObject({ typing: false, filter: 'OR', page: 'main' });
  expect(after(typing, 'back')).toMatchObject({ typing: false, filter: '' });
  expect(after(typing, 'open', 'back').filter).toBe('');
});

test('while the filter is typed, letters are letters', () => {
  const keys = keysOf(after(running, 'filter')).flatMap(({ keys }) => keys);
  expect(keys).toEqual(['enter', 'esc', 'ctrl-c']);
});

test('details open for the selected table and esc leads back to it', () => {
  const open = after(running, 'down', 'open');
  expect(open).toMatchObject({ page: 'table', selected: 'public.events' });
  expect(after(open, 'back')).toMatchObject({ page: 'main', selected: 'public.events' });
});

test('the help leads back to where it was opened', () => {
  expect(after(running, 'open', 'help', 'back').page).toBe('table');
  expect(after(running, 'help', 'back').page).toBe('main');
});

test('who reads the log is left in peace while more happens', () => {
  const reading = after(running, ...happened(100), 'log', 'page-up');
  expect(reading.offset).toBeGreaterThan(0);
  expect(after(reading, ...happened(1)).offset).toBe(reading.offset + 1);
  expect(after(running, ...happened(100), 'log', ...happened(1)).offset).toBe(0);
});

test('nothing is scrolled beyond its ends', () => {
  const log = after(running, ...happened(100), 'log');
  const top = after(log, 'first');
  expect(after(top, 'up')).toEqual(top);
  expect(after(log, 'down').offset).toBe(0);
  expect(after(after(running, 'panel'), 'up').offset).toBe(0);
});

test('warnings and errors are counted although only the last events are kept', () => {
  const warned: Action = { type: 'event', event: event(0, 'warn', 'lost') };
  const state = after(running, warned, { type: 'event', event: event(0, 'error', 'broken') }, ...happened(600));
  expect(state).toMatchObject({ warnings: 1, errors: 1 });
  expect(state.events).toHaveLength(500);
});

test('what the source said last is kept with its time when it stops answering', () => {
  const silent = {
    ...statusAt(9000),
    seenAt: statusAt(2000).at,
    retainedBytes: null,
    lag: { seconds: null, bytes: null, idle: false },
  };
  const state = after(running, { type: 'status', status: silent });
  expect(state.seen).toEqual(running.seen);
  expect(state.seen?.retainedBytes).toBe(18_000_000);
});

test('esc is offered on the main page only where it undoes something', () => {
  const esc = (state: LiveState) => keysOf(state).find(({ keys }) => keys.includes('esc'))?.short;
  expect(esc(running)).toBeUndefined();
  expect(esc(after(running, 'filter', { type: 'text', text: 'x' }, 'open'))).toBe('show all');
  expect(esc(after(running, 'panel'))).toBe('tables');
  expect(after(running, 'panel', 'back').focus).toBe('tables');
});

test('once the user leaves, only stopping at once is offered for that', () => {
  const leaving = keysOf(after(running, 'quit')).filter(({ command }) =>
    ['quit', 'interrupt', 'pause'].includes(command),
  );
  expect(leaving.map(({ keys }) => keys)).toEqual([['ctrl-c']]);
});

test('a guest who leaves stops nothing', () => {
  const guest = after(stateOf({ leaving: 'detach' }), told(0));
  expect(after(guest, 'quit')).toEqual(guest);
  expect(after(guest, 'interrupt')).toEqual(guest);
});

test('pausing is offered only where it can be done, and called resuming while it is paused', () => {
  const short = (state: LiveState) => keysOf(state).find(({ command }) => command === 'pause')?.short;
  expect(short(running)).toBe('pause');
  expect(short(after(running, { type: 'status', status: statusAt(3000, { phase: 'paused' }) }))).toBe('resume');
  expect(short(after(stateOf({ canPause: false }), told(0)))).toBeUndefined();
});
