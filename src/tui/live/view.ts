import { footer } from '../keymap.ts';
import { spelled } from '../symbols.ts';
import type { Style } from '../theme.ts';
import { width } from '../width.ts';
import { selectedIndex, shownTables } from './choice.ts';
import { eventLines } from './events.ts';
import { headerLines } from './header.ts';
import { keysOf } from './keys.ts';
import { windowAt } from './layout.ts';
import { noticeLines } from './notice.ts';
import { FRAME, layout, type Page, pageOf } from './pages.ts';
import { type Panel, panelLines } from './panel.ts';
import type { LiveState } from './state.ts';
import { gridOf, headLine, rowLine } from './table-rows.ts';

type Lines = readonly string[];

function tablesPanel(state: LiveState, style: Style, rows: number): Panel {
  const { columns } = state.size;
  const tables = shownTables(state);
  const all = state.status?.tables.length ?? 0;
  const index = selectedIndex(tables, state.selected);
  const { from, to } = windowAt(index, tables.length, rows - 3);
  const grid = gridOf(columns, columns - FRAME, Math.max(0, ...tables.map(({ name }) => width(name))));
  const lines = tables.slice(from, to).map((table, at) => rowLine(table, from + at === index, state, grid, style));
  const none = all === 0 ? 'waiting for the source to tell its tables' : `no table's name contains ${state.filter}`;
  const number = tables.length === all ? `${all}` : `${tables.length} of ${all}`;
  const filter = state.filter || state.typing ? ` /${state.filter}` : '';
  return {
    title: `Tables ${number}${filter}`,
    note: `sort ${state.sort}${state.reversed ? ` ${style.symbols.up}` : ''}`,
    foot: tables.length > to - from ? `${from + 1}-${to} of ${tables.length}` : '',
    focused: state.focus === 'tables',
    lines: [headLine(grid, style), ...(lines.length > 0 ? lines : [`  ${style.dim(none)}`])],
  };
}

const eventsPanel = (state: LiveState, style: Style, rows: number): Panel => ({
  title: 'Events',
  focused: state.focus === 'events',
  lines: eventLines(state, style, state.size.columns - FRAME, rows - 2),
});

/** What of the page there is room for. */
function pagePanel({ title, note, lines, fromEnd }: Page, { offset }: LiveState, rows: number): Panel {
  const room = Math.max(1, rows - 2);
  const spare = Math.max(0, lines.length - room);
  const scrolled = Math.min(offset, spare);
  const from = fromEnd ? spare - scrolled : scrolled;
  const to = Math.min(lines.length, from + room);
  const foot = spare > 0 ? `${from + 1}-${to} of ${lines.length}` : '';
  return { title, note, foot, focused: true, lines: lines.slice(from, to) };
}

function bodyLines(state: LiveState, style: Style): Lines {
  const { tables, events, page: rows } = layout(state);
  if (rows === 0) return [];
  const { columns } = state.size;
  const framed = (panel: Panel, height: number): Lines => panelLines(panel, columns, height, style);
  const page = pageOf(state, style, columns - FRAME);
  if (page) return framed(pagePanel(page, state, rows), rows);
  return [
    ...framed(tablesPanel(state, style, tables), tables),
    ...(events > 0 ? framed(eventsPanel(state, style, events), events) : []),
  ];
}

function footerLine(state: LiveState, style: Style): string {
  const room = state.size.columns - 2;
  const keys = footer(keysOf(state), state.typing ? room - 24 : room, style.symbols, style.focus);
  const typed = state.typing ? `${style.focus(`/${state.filter}`)}${style.dim('_')}   ` : '';
  return ` ${typed}${keys}`;
}

/** Every line of the screen, fewer than it has rows. It knows nothing but the state. */
export function liveLines(state: LiveState, style: Style): Lines {
  const columns = state.size.columns - 2;
  const notice = layout(state).page > 0 ? noticeLines(state, style, columns) : [];
  const top = [...headerLines(state, style, columns), ...notice].slice(0, Math.max(1, state.size.rows - 2));
  const lines = [...top.map((line) => ` ${line}`), ...bodyLines(state, style), footerLine(state, style)];
  return lines.map((line) => spelled(line, style.symbols));
}
