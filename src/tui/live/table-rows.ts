import type { TableStatus } from '../../status/status.ts';
import { bar, sparkline } from '../chart.ts';
import { about, count, elapsed } from '../format.ts';
import type { Style } from '../theme.ts';
import { cell, clip, plain } from '../width.ts';
import { changesOf } from './choice.ts';
import type { History } from './history.ts';
import type { LiveState } from './state.ts';

interface Figure {
  readonly title: string;
  readonly columns: number;
  /** Shown from this width of the terminal on. */
  readonly from: number;
  readonly text: (table: TableStatus, state: LiveState, style: Style, columns: number) => string;
}

const rateOf = (table: TableStatus, { history }: LiveState): number => history.rates.tables.get(table.name) ?? 0;

const CHART = 'last minute';
const MINUTE = 60;

const chart = (name: string, { bars }: History, { symbols }: Style, columns: number): string =>
  sparkline(bars.tables.get(name) ?? [], columns - 2, symbols);

const FIGURES: readonly Figure[] = [
  { title: 'rows/s', columns: 8, from: 60, text: (table, state) => count(rateOf(table, state)) },
  {
    title: CHART,
    columns: 22,
    from: 124,
    text: ({ name }, { history }, style, room) => chart(name, history, style, room),
  },
  { title: 'copied', columns: 8, from: 100, text: ({ copiedRows }) => about(copiedRows) },
  { title: 'ins', columns: 7, from: 68, text: ({ inserts }) => about(inserts) },
  { title: 'upd', columns: 7, from: 74, text: ({ updates }) => about(updates) },
  { title: 'del', columns: 7, from: 80, text: ({ deletes }) => about(deletes) },
  { title: 'changes', columns: 9, from: 140, text: (table) => about(changesOf(table)) },
];

/** The pointer with its space. */
const POINTER = 2;

export interface Grid {
  readonly figures: readonly Figure[];
  readonly name: number;
  readonly state: number;
}

const STATE = { least: 12, share: 0.48, most: 30 };
const NAME = 24;

/** The columns that have room in a panel of `inner` columns; what is left over goes to the last minute. */
export function gridOf(terminal: number, inner: number, longestName: number): Grid {
  const figures = FIGURES.filter(({ from }) => terminal >= from);
  const taken = figures.reduce((sum, { columns }) => sum + columns, 0);
  const rest = inner - taken - POINTER;
  const state = Math.max(STATE.least, Math.min(STATE.most, Math.floor(rest * STATE.share)));
  const room = rest - state - 1;
  const chart = figures.findIndex(({ title }) => title === CHART);
  const spare = chart < 0 ? 0 : Math.max(0, Math.min(MINUTE - 20, room - Math.max(NAME, longestName)));
  const wide = figures.map((figure, at) => (at === chart ? { ...figure, columns: figure.columns + spare } : figure));
  return { figures: wide, state, name: room - spare };
}

export function headLine({ figures, name, state }: Grid, style: Style): string {
  const titles = figures.map(({ title, columns }) => cell(title, columns, 'right'));
  return style.dim(`  ${cell('table', name)} ${cell('state', state)}${titles.join('')}`);
}

const PERCENT = 5;

function progress({ copiedRows, estimatedRows }: TableStatus, columns: number, style: Style): string {
  if (!estimatedRows) return style.focus(cell(`copying ${about(copiedRows)} rows`, columns));
  const share = copiedRows / estimatedRows;
  const percent = `${Math.min(99, Math.floor(100 * share))} %`.padStart(PERCENT);
  const size = Math.min(20, columns - PERCENT - 1);
  return style.focus(bar(Math.min(0.99, share), size, style.symbols)) + cell(percent, columns - size);
}

/** Of a table that is being copied, in place of its counters. */
function remaining(table: TableStatus, state: LiveState): string {
  const { copiedRows, estimatedRows } = table;
  if (!estimatedRows) return '';
  const rate = rateOf(table, state);
  const left = estimatedRows - copiedRows;
  const eta = rate > 0 && left > 0 ? ` ${elapsed(left / rate)}` : '';
  return `${about(copiedRows)} of ${about(estimatedRows)}${eta}`;
}

const short = (table: TableStatus, state: LiveState): string => remaining(table, state).split(' ').at(-1) ?? '';

function copyingCells(table: TableStatus, state: LiveState, grid: Grid, style: Style): string {
  const [rate, ...others] = grid.figures;
  const room = others.reduce((sum, { columns }) => sum + columns, 0);
  const long = remaining(table, state);
  const told = long.length < room ? long : short(table, state);
  const figure = rate ? figureCell(rate, table, state, style) : '';
  return progress(table, grid.state, style) + figure + cell(room > 0 ? told : '', room, 'right');
}

const isFlat = (bars: string, { symbols }: Style): boolean => bars.replaceAll(symbols.sparks[0] ?? '', '') === '';

/** Nothing is not worth looking at. */
const figureCell = (figure: Figure, table: TableStatus, state: LiveState, style: Style): string => {
  const text = figure.text(table, state, style, figure.columns);
  const shown = cell(text, figure.columns, 'right');
  if (figure.title === CHART) return isFlat(text, style) ? style.dim(shown) : style.focus(shown);
  return text === '0' ? style.dim(shown) : shown;
};

const WORDS: Readonly<Record<TableStatus['state'], string>> = {
  streaming: 'streaming',
  waiting: 'waiting for its copy',
  copying: '',
  unpublished: 'not published',
};

function countedCells(table: TableStatus, state: LiveState, grid: Grid, style: Style): string {
  const streams = table.state === 'streaming';
  const word = cell(WORDS[table.state], grid.state, 'left', style.symbols.dot);
  const busy = streams && rateOf(table, state) > 0;
  const cells = grid.figures.map((figure) => figureCell(figure, table, state, style));
  const painted = table.state === 'unpublished' ? style.warn(word) : busy ? style.ok(word) : style.dim(word);
  return painted + cells.join('');
}

function failedCells({ name, lastError }: TableStatus, grid: Grid, style: Style): string {
  const { symbols } = style;
  const room = grid.state + grid.figures.reduce((sum, { columns }) => sum + columns, 0);
  const more = ` ${symbols.bullet} enter`;
  const what = clip(
    `${symbols.error} ${plain(lastError?.message.replace(`${name}: `, '') ?? '')}`,
    room - more.length,
    symbols.dot,
  );
  return style.error(cell(what + more, room, 'left', symbols.dot));
}

/** One table as a line of exactly the panel's width. */
export function rowLine(table: TableStatus, selected: boolean, state: LiveState, grid: Grid, style: Style): string {
  const { symbols } = style;
  const name = cell(plain(table.name), grid.name, 'left', symbols.dot);
  const head = selected ? style.focus(`${symbols.pointer} ${name}`) : `  ${name}`;
  const rest = table.lastError
    ? failedCells(table, grid, style)
    : table.state === 'copying'
      ? copyingCells(table, state, grid, style)
      : countedCells(table, state, grid, style);
  return `${head} ${rest}`;
}
