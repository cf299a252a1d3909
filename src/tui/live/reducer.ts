import type { LogEvent } from '../../model/event.ts';
import type { Status } from '../../status/status.ts';
import type { Size } from '../size.ts';
import { plain } from '../width.ts';
import { selectedIndex, selectedTable, shownTables } from './choice.ts';
import { remember } from './history.ts';
import type { Command } from './keys.ts';
import { layout, scrollRoom } from './pages.ts';
import { type Columns, type LiveState, type Page, type Seen, SORTS } from './state.ts';

export type Action =
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'event'; readonly event: LogEvent }
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'size'; readonly size: Size }
  | { readonly type: 'command'; readonly command: Command }
  /** Into the filter. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'erase' }
  | { readonly type: 'columns'; readonly table: string; readonly columns: Columns };

const EVENTS = 500;

function seenIn(before: Seen | null, status: Status): Seen | null {
  const { seenAt, lag, retainedBytes, slotStatus } = status;
  if (seenAt === null || (before && retainedBytes === null)) return before;
  return { at: seenAt, lagBytes: lag.bytes, retainedBytes, slotStatus };
}

const withStatus = (state: LiveState, status: Status): LiveState => ({
  ...state,
  now: Math.max(state.now, status.at),
  status,
  seen: seenIn(state.seen, status),
  history: remember(state.history, status),
});

/** What is being read stays where it is while more comes in. */
function withEvent(state: LiveState, event: LogEvent): LiveState {
  const reading = state.offset > 0 && (state.page === 'log' || (state.page === 'main' && state.focus === 'events'));
  const next = {
    ...state,
    events: [...state.events.slice(1 - EVENTS), event],
    warnings: state.warnings + (event.severity === 'warn' ? 1 : 0),
    errors: state.errors + (event.severity === 'error' ? 1 : 0),
  };
  return reading ? scrolledTo(next, state.offset + Math.max(0, scrollRoom(next) - scrollRoom(state))) : next;
}

const scrolledTo = (state: LiveState, offset: number): LiveState => ({
  ...state,
  offset: Math.max(0, Math.min(offset, scrollRoom(state))),
});

function selectedAt(state: LiveState, index: number): LiveState {
  const tables = shownTables(state);
  const bounded = Math.max(0, Math.min(index, tables.length - 1));
  return { ...state, selected: tables[bounded]?.name ?? null };
}

/** Down by this many lines; the log and the events count from their end. */
function moved(state: LiveState, lines: number): LiveState {
  if (state.page === 'main' && state.focus === 'tables')
    return selectedAt(state, selectedIndex(shownTables(state), state.selected) + lines);
  const fromEnd = state.page === 'log' || state.page === 'main';
  return scrolledTo(state, state.offset + (fromEnd ? -lines : lines));
}

const FAR = 1_000_000;
const pageSize = (state: LiveState): number => {
  const { page, tables, events } = layout(state);
  if (state.page !== 'main') return Math.max(1, page - 3);
  return Math.max(1, (state.focus === 'tables' ? tables : events) - 4);
};

const opened = (state: LiveState, page: Page): LiveState => ({ ...state, page, under: state.page, offset: 0 });

function open(state: LiveState): LiveState {
  if (state.typing) return { ...state, typing: false };
  if (state.page !== 'main') return state;
  if (state.focus === 'events') return opened(state, 'log');
  const table = selectedTable(state);
  return table ? opened({ ...state, selected: table.name }, 'table') : state;
}

function back(state: LiveState): LiveState {
  if (state.typing) return { ...state, typing: false, filter: '' };
  if (state.page === 'main') return { ...state, filter: '', focus: 'tables', offset: 0 };
  return { ...state, page: state.page === 'help' ? state.under : 'main', under: 'main', offset: 0 };
}

function sorted(state: LiveState): LiveState {
  const next = SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? 'rows/s';
  return { ...state, sort: next, reversed: false };
}

/** A guest who leaves stops nothing. */
function leaves(state: LiveState): LiveState {
  return state.leaving === 'quit' ? { ...state, stopping: true } : state;
}

const COMMANDS: Readonly<Record<Command, (state: LiveState) => LiveState>> = {
  up: (state) => moved(state, -1),
  down: (state) => moved(state, 1),
  'page-up': (state) => moved(state, -pageSize(state)),
  'page-down': (state) => moved(state, pageSize(state)),
  first: (state) => moved(state, -FAR),
  last: (state) => moved(state, FAR),
  open,
  back,
  panel: (state) => ({ ...state, focus: state.focus === 'tables' ? 'events' : 'tables', offset: 0 }),
  filter: (state) => ({ ...state, typing: true, focus: 'tables' }),
  sort: sorted,
  reverse: (state) => ({ ...state, reversed: !state.reversed }),
  log: (state) => opened(state, 'log'),
  help: (state) => opened(state, 'help'),
  pause: (state) => state,
  quit: leaves,
  interrupt: leaves,
};

/** The next state. Pure. */
export function reduce(state: LiveState, action: Action): LiveState {
  switch (action.type) {
    case 'status':
      return withStatus(state, action.status);
    case 'event':
      return withEvent(state, action.event);
    case 'tick':
      return { ...state, now: action.now };
    case 'size':
      return { ...state, size: action.size };
    case 'command':
      return COMMANDS[action.command](state);
    case 'text':
      return { ...state, filter: state.filter + plain(action.text) };
    case 'erase':
      return { ...state, filter: [...state.filter].slice(0, -1).join('') };
    case 'columns':
      return { ...state, columns: new Map(state.columns).set(action.table, action.columns) };
  }
}
