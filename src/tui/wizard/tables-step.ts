import { filtered, moved, shownItems, visible } from '../components/filter-list.ts';
import { about, bytes, count } from '../format.ts';
import type { Binding } from '../keymap.ts';
import type { Style } from '../theme.ts';
import { cell, clip, plain, width } from '../width.ts';
import { failureLines } from './lines.ts';
import { forward } from './navigation.ts';
import type { TableInfo } from './ports.ts';
import { failureOf, known, type WizardState } from './state.ts';
import { MOVE, NEXT, type Room, type Step } from './steps.ts';
import { ask, only, type Update } from './update.ts';

const nameOf = ({ name }: TableInfo): string => name;

const allTables = (state: WizardState): readonly TableInfo[] => known(state, 'tables') ?? [];

export const shownTables = (state: WizardState): readonly TableInfo[] =>
  shownItems(allTables(state), state.tables.filter, nameOf);

const isChosen = (state: WizardState, { name }: TableInfo): boolean => state.chosen?.has(name) ?? false;

/** `12 of 14 selected · 11 GB`. */
function summary(state: WizardState): string {
  const all = allTables(state);
  const chosen = all.filter((one) => isChosen(state, one));
  const size = bytes(chosen.reduce((sum, one) => sum + one.bytes, 0));
  return `${count(chosen.length)} of ${count(all.length)} selected · ${size}`;
}

function toggled(state: WizardState): WizardState {
  const table = shownTables(state)[state.tables.at];
  if (!table) return state;
  const chosen = new Set(state.chosen);
  if (!chosen.delete(table.name)) chosen.add(table.name);
  return { ...state, chosen, notice: null };
}

/** All that are shown, or none of them where all are chosen already. */
function toggledAll(state: WizardState): WizardState {
  const shown = shownTables(state);
  const every = shown.every((one) => isChosen(state, one));
  const chosen = new Set(state.chosen);
  for (const { name } of shown) every ? chosen.delete(name) : chosen.add(name);
  return { ...state, chosen, notice: null };
}

function next(state: WizardState): Update {
  const all = allTables(state);
  const chosen = all.filter((one) => isChosen(state, one));
  if (all.length === 0 && !known(state, 'tables')) return only(state);
  if (chosen.length === 0) return only({ ...state, notice: 'Choose at least one table: space selects the one at ❯.' });
  const tables = chosen.length === all.length ? null : chosen.map(nameOf);
  return only(forward({ ...state, answers: { ...state.answers, tables } }), { type: 'keep' });
}

const KEYS: readonly Binding<string>[] = [
  ...MOVE,
  { command: 'toggle', keys: ['space'], short: 'toggle', doc: 'Select the table, or leave it out', keep: true },
  { command: 'all', keys: ['a'], short: 'all', doc: 'Select all that are shown, or none of them' },
  { command: 'filter', keys: ['/'], short: 'filter', doc: 'Show only names that contain what you type' },
  NEXT,
  { command: 'again', keys: ['r'], short: '', doc: 'Ask the source for its tables again' },
  { command: 'pageup', keys: ['pageup'], short: '', doc: 'Ten lines up' },
  { command: 'pagedown', keys: ['pagedown'], short: '', doc: 'Ten lines down' },
  { command: 'home', keys: ['home'], short: '', doc: 'The first table' },
  { command: 'end', keys: ['end'], short: '', doc: 'The last table' },
];
const TYPING: readonly Binding<string>[] = [
  { command: 'up', keys: ['up'], short: 'move', doc: 'The line above' },
  { command: 'down', keys: ['down'], short: 'move', doc: 'The line below' },
  { command: 'typed', keys: ['enter'], short: 'keep filter', doc: 'Keep the filter', keep: true },
  { command: 'unfilter', keys: ['esc'], short: 'all tables', doc: 'Show all tables', keep: true },
];

function command(state: WizardState, name: string): Update {
  const list = state.tables;
  if (name === 'next') return next(state);
  if (name === 'toggle') return only(toggled(state));
  if (name === 'all') return only(toggledAll(state));
  if (name === 'filter') return only({ ...state, tables: { ...list, typing: true } });
  if (name === 'typed') return only({ ...state, tables: filtered(list, 'enter', '') });
  if (name === 'unfilter') return only({ ...state, tables: filtered(list, 'esc', '') });
  if (name === 'again') return ask(only(state), 'tables', state.answers.source, '', true);
  return only({ ...state, tables: moved(list, name, shownTables(state).length) ?? list });
}

interface Grid {
  readonly name: number;
  readonly rows: boolean;
  readonly size: boolean;
}

function gridOf(tables: readonly TableInfo[], columns: number): Grid {
  const longest = Math.max(12, ...tables.map(({ name }) => width(name)));
  return { name: Math.min(longest, Math.max(16, columns - 44)), rows: columns >= 50, size: columns >= 62 };
}

function row(table: TableInfo, selected: boolean, chosen: boolean, grid: Grid, style: Style, columns: number): string {
  const { pointer, on, off, warn } = style.symbols;
  const box = chosen ? style.ok(on) : style.dim(off);
  const name = cell(plain(table.name), grid.name, 'left', style.symbols.dot);
  const rows = grid.rows
    ? cell(table.estimatedRows === null ? '?' : `${about(table.estimatedRows)} rows`, 11, 'right')
    : '';
  const size = grid.size ? cell(bytes(table.bytes), 9, 'right') : '';
  const room = columns - 4 - grid.name - width(rows) - width(size) - 3;
  const key =
    table.problem === null ? `key: ${plain(table.key.join(', ')) || 'whole row'}` : `${warn} ${table.problem}`;
  const end = clip(key, Math.max(0, room), style.symbols.dot);
  const painted = table.problem === null ? style.dim(end) : style.warn(end);
  return `${selected ? style.focus(pointer) : ' '} ${box} ${selected ? style.focus(name) : name}${rows}${size}   ${painted}`;
}

function lines(state: WizardState, style: Style, { columns, rows }: Room): readonly string[] {
  const failure = failureOf(state, 'tables');
  if (failure) return failureLines(failure, style, columns);
  if (!known(state, 'tables')) return [style.focus(`${style.symbols.info} reading the tables${style.symbols.dot}`)];
  const shown = shownTables(state);
  const { filter, typing, at } = state.tables;
  const head =
    typing || filter ? [`${style.focus(`/${filter}`)}${typing ? style.focus(style.symbols.cursor) : ''}`] : [];
  const { items, from, rest } = visible(shown, at, rows - head.length - 1);
  const grid = gridOf(shown, columns);
  const none = allTables(state).length === 0 ? 'The source has no table.' : 'No table has a name with this in it.';
  return [
    ...head,
    ...items.map((table, i) => row(table, from + i === at, isChosen(state, table), grid, style, columns)),
    ...(shown.length === 0 ? [style.dim(none)] : []),
    ...(rest > 0 ? [style.dim(`${style.symbols.dot} ${count(rest)} more`)] : []),
  ];
}

export const tablesStep: Step = {
  title: 'Tables',
  about: (state) => (known(state, 'tables') ? summary(state) : ''),
  enter: (state) => ask(only(state), 'tables', state.answers.source),
  keys: (state) => (state.tables.typing ? TYPING : KEYS),
  command,
  text: (state, name, text) =>
    only(state.tables.typing ? { ...state, tables: filtered(state.tables, name, text) } : state),
  learned: (state, question) => {
    const tables = known(state, 'tables');
    if (question !== 'tables' || !tables) return only(state);
    const { tables: answered } = state.answers;
    const before = state.chosen ?? (answered && new Set(answered));
    const chosen = tables.filter(({ name }) => before?.has(name) ?? true).map(nameOf);
    return only({ ...state, chosen: new Set(chosen) });
  },
  lines,
  answer: (state) => [
    state.answers.tables === null ? `all ${count(allTables(state).length)}` : (summary(state).split(' · ')[0] ?? ''),
    summary(state).split(' · ')[1] ?? '',
  ],
};
