import { Box, Text, useInput } from 'ink';
import type { ReactNode } from 'react';
import { footer, keyNames } from '../keymap.ts';
import type { Style } from '../theme.ts';
import { clipPainted, width } from '../width.ts';
import { selectedIndex, shownTables } from './choice.ts';
import { eventLines } from './events.ts';
import { headerLines } from './header.ts';
import { keysOf } from './keys.ts';
import { windowAt } from './layout.ts';
import { noticeLines } from './notice.ts';
import { FRAME, layout, type Page, pageOf } from './pages.ts';
import type { LiveState } from './state.ts';
import { gridOf, headLine, rowLine } from './table-rows.ts';

interface Shown {
  readonly state: LiveState;
  readonly style: Style;
}

const Lines = ({ lines }: { readonly lines: readonly string[] }): ReactNode => (
  <Text wrap="truncate">{lines.map((line) => line || ' ').join('\n')}</Text>
);

interface PanelProps {
  readonly title: string;
  readonly note?: string;
  /** At the right end of the lower border. */
  readonly foot?: string;
  readonly focused?: boolean;
  readonly lines: readonly string[];
  readonly columns: number;
  /** With both borders. */
  readonly rows: number;
  readonly style: Style;
}

function Panel({ title, note = '', foot = '', focused = false, lines, columns, rows, style }: PanelProps): ReactNode {
  const { corners, horizontal, vertical } = style.symbols;
  const rule = (count: number): string => style.dim(horizontal.repeat(Math.max(0, count)));
  const inner = columns - FRAME;
  const end = note ? ` ${note} ` : '';
  const head = ` ${title} `;
  const top = rule(columns - 3 - width(head) - width(end));
  const tail = foot ? ` ${foot} ` : '';
  const side = style.dim(vertical);
  const body = lines.slice(0, rows - 2).map((line) => clipPainted(line, inner, style.symbols.dot));
  const padded = [...body, ...Array<string>(Math.max(0, rows - 2 - lines.length)).fill('')];
  return (
    <Lines
      lines={[
        style.dim(corners[0]) +
          (focused ? style.focus(head) : style.bold(head)) +
          top +
          style.dim(end) +
          rule(1) +
          style.dim(corners[1]),
        ...padded.map((line) => `${side} ${line}${' '.repeat(Math.max(0, inner - width(line)))} ${side}`),
        style.dim(corners[3]) + rule(columns - 3 - width(tail)) + style.dim(tail) + rule(1) + style.dim(corners[2]),
      ]}
    />
  );
}

function Tables({ state, style, rows }: Shown & { readonly rows: number }): ReactNode {
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
  return (
    <Panel
      title={`Tables ${number}${filter}`}
      note={`sort ${state.sort}${state.reversed ? ` ${style.symbols.up}` : ''}`}
      foot={tables.length > to - from ? `${from + 1}-${to} of ${tables.length}` : ''}
      focused={state.focus === 'tables'}
      lines={[headLine(grid, style), ...(lines.length > 0 ? lines : [`  ${style.dim(none)}`])]}
      columns={columns}
      rows={rows}
      style={style}
    />
  );
}

function Events({ state, style, rows }: Shown & { readonly rows: number }): ReactNode {
  const { columns } = state.size;
  return (
    <Panel
      title="Events"
      focused={state.focus === 'events'}
      lines={eventLines(state, style, columns - FRAME, rows - 2)}
      columns={columns}
      rows={rows}
      style={style}
    />
  );
}

function Open({ page, state, style, rows }: Shown & { readonly page: Page; readonly rows: number }): ReactNode {
  const { columns } = state.size;
  const room = Math.max(1, rows - 2);
  const spare = Math.max(0, page.lines.length - room);
  const offset = Math.min(state.offset, spare);
  const from = page.fromEnd ? spare - offset : offset;
  const to = Math.min(page.lines.length, from + room);
  return (
    <Panel
      title={page.title}
      note={page.note}
      foot={spare > 0 ? `${from + 1}-${to} of ${page.lines.length}` : ''}
      focused
      lines={page.lines.slice(from, to)}
      columns={columns}
      rows={rows}
      style={style}
    />
  );
}

function Body({ state, style }: Shown): ReactNode {
  const { tables, events, page: rows } = layout(state);
  if (rows === 0) return null;
  const page = pageOf(state, style, state.size.columns - FRAME);
  if (page) return <Open page={page} state={state} style={style} rows={rows} />;
  return (
    <>
      <Tables state={state} style={style} rows={tables} />
      {events > 0 && <Events state={state} style={style} rows={events} />}
    </>
  );
}

function Footer({ state, style }: Shown): ReactNode {
  const room = state.size.columns - 2;
  const keys = footer(keysOf(state), state.typing ? room - 24 : room, style.symbols, style.focus);
  const typed = state.typing ? `${style.focus(`/${state.filter}`)}${style.dim('_')}   ` : '';
  return <Lines lines={[` ${typed}${keys}`]} />;
}

export interface AppProps extends Shown {
  /** Names of keys. */
  readonly onKeys: (names: readonly string[]) => void;
}

/** The whole screen. It knows nothing but the state. */
export function App({ state, style, onKeys }: AppProps): ReactNode {
  useInput((input, key) => onKeys(keyNames(input, key)));
  const columns = state.size.columns - 2;
  const notice = layout(state).page > 0 ? noticeLines(state, style, columns) : [];
  const top = [...headerLines(state, style, columns), ...notice].slice(0, Math.max(1, state.size.rows - 2));
  return (
    <Box flexDirection="column">
      <Lines lines={top.map((line) => ` ${line}`)} />
      <Body state={state} style={style} />
      <Footer state={state} style={style} />
    </Box>
  );
}
