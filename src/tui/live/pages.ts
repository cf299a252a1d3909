import { helpLines } from '../keymap.ts';
import { plainStyle, type Style } from '../theme.ts';
import { clip, plain, wrapped } from '../width.ts';
import { selectedTable, shownTables } from './choice.ts';
import { logLines } from './events.ts';
import { helpKeys } from './keys.ts';
import { type Layout, layoutOf } from './layout.ts';
import { noticeLines } from './notice.ts';
import type { LiveState } from './state.ts';
import { tableLines } from './table-page.ts';

/** What takes the place of both panels. */
export interface Page {
  readonly title: string;
  readonly note: string;
  readonly lines: readonly string[];
  /** Begins at its end, as a log does. */
  readonly fromEnd: boolean;
}

/** Columns of a frame with the space inside of it. */
export const FRAME = 4;

const ABOUT = [
  'Lag is the time since the last moment the destination stands for: the commit of the last transaction that is durable there, or a later moment at which nothing was waiting. Its bytes are WAL that the destination does not have yet.',
  'A figure that is no longer fresh is dimmed and shows its age.',
];

export const layout = (state: LiveState): Layout =>
  layoutOf(state.size, shownTables(state).length, noticeLines(state, plainStyle, state.size.columns).length);

/** The page that is open, null on the main one. A table that is gone leaves the main one. */
export function pageOf(state: LiveState, style: Style, columns: number): Page | null {
  if (state.page === 'log') return { title: 'Log', note: '', lines: logLines(state, style, columns), fromEnd: true };
  if (state.page === 'help') {
    const lines = [
      ...helpLines(helpKeys(state), style.symbols).map((text) => clip(text, columns)),
      ...ABOUT.flatMap((text) => ['', ...wrapped(text, columns)]).map(style.dim),
    ];
    return { title: 'Keys', note: '', lines, fromEnd: false };
  }
  const table = state.page === 'table' ? selectedTable(state) : null;
  if (!table) return null;
  const lines = tableLines(table, state, style, columns);
  return { title: plain(table.name), note: table.lastError ? 'failing' : table.state, lines, fromEnd: false };
}

/** Lines by which the open page, or the events, can be scrolled at most. */
export function scrollRoom(state: LiveState): number {
  const { page, events } = layout(state);
  if (state.page === 'main') return Math.max(0, state.events.length - Math.max(0, events - 2));
  const open = pageOf(state, plainStyle, state.size.columns - FRAME);
  return Math.max(0, (open?.lines.length ?? 0) - (page - 2));
}
