import type { PlannedColumn } from '../../model/destination.ts';
import type { TableStatus } from '../../status/status.ts';
import { sparkline } from '../chart.ts';
import { bytes, clock, count, plural } from '../format.ts';
import type { Style } from '../theme.ts';
import { cell, plain, width, wrapped } from '../width.ts';
import { threeParts } from './notice.ts';
import type { LiveState } from './state.ts';

type Lines = readonly string[];

const section = (title: string, lines: Lines, style: Style): Lines =>
  lines.length === 0 ? [] : ['', style.bold(title), ...lines];

const indented = (text: string, columns: number): string[] =>
  wrapped(plain(text), columns - 2).map((one) => `  ${one}`);

function figures(table: TableStatus, { history }: LiveState, style: Style, columns: number): Lines {
  const bars = sparkline(history.bars.tables.get(table.name) ?? [], Math.min(60, columns - 26), style.symbols);
  const rows: readonly (readonly [string, string])[] = [
    ['rows/s', `${count(history.rates.tables.get(table.name) ?? 0)}  ${style.focus(bars)}`],
    ['copied', `${plural(table.copiedRows, 'row')} ${style.symbols.bullet} ${bytes(table.copiedBytes)}`],
    ['inserts', count(table.inserts)],
    ['updates', count(table.updates)],
    ['deletes', count(table.deletes)],
  ];
  return rows.map(([title, text]) => `${style.dim(cell(title, 10))}${text}`);
}

function lastError({ lastError }: TableStatus, style: Style, columns: number): Lines {
  if (!lastError) return [];
  const [what = '', ...rest] = threeParts(lastError);
  return [
    ...indented(`${style.symbols.error} ${clock(lastError.at)} ${what}`, columns).map(style.error),
    ...rest.flatMap((text) => indented(text, columns)),
  ];
}

const lastChange = ({ lastChange }: TableStatus, columns: number): Lines =>
  lastChange ? indented(`${clock(lastChange.at)} ${lastChange.sql}`, columns) : [];

const lost = ({ status }: LiveState, name: string, columns: number, style: Style): Lines =>
  (status?.lost ?? [])
    .filter(({ table }) => table === name)
    .flatMap(({ column, class: kind, policy, count: many }) =>
      indented(`${column}: ${plural(many, 'value')} of class ${kind} ${style.symbols.arrow} ${policy}`, columns),
    );

/** A column, and under it what there is to know about it. */
function columnLine(planned: PlannedColumn, widths: readonly [number, number], style: Style, columns: number): Lines {
  const { symbols } = style;
  const name = cell(plain(planned.column), widths[0], 'left', symbols.dot);
  const type = cell(plain(planned.sourceType), widths[1], 'left', symbols.dot);
  const key = planned.key ? style.focus(' key') : '';
  const under = (sign: string, text: string | null, paint: (line: string) => string): Lines =>
    text === null ? [] : indented(`${sign} ${text}`, columns - 2).map((line) => paint(`  ${line}`));
  return [
    `  ${name}  ${style.dim(type)}  ${symbols.arrow} ${plain(planned.destinationType)}${key}`,
    ...under(symbols.warn, planned.lossy, style.warn),
    ...under(symbols.bullet, planned.note, style.dim),
  ];
}

function columnLines(state: LiveState, name: string, style: Style, columns: number): Lines {
  const known = state.columns.get(name);
  if (!known) return [];
  if (known.state === 'asked') return [style.dim('  asking both servers')];
  if (known.state === 'failed')
    return indented(`${style.symbols.warn} not known: ${known.why}`, columns).map(style.warn);
  const longest = (text: (column: PlannedColumn) => string): number =>
    Math.min(40, Math.max(0, ...known.columns.map((column) => width(plain(text(column))))));
  const widths = [longest(({ column }) => column), longest(({ sourceType }) => sourceType)] as const;
  return known.columns.flatMap((column) => columnLine(column, widths, style, columns));
}

/** Everything about one table. */
export function tableLines(table: TableStatus, state: LiveState, style: Style, columns: number): Lines {
  return [
    ...figures(table, state, style, columns),
    ...section('Last error', lastError(table, style, columns), style),
    ...section('Last change of the destination table', lastChange(table, columns), style),
    ...section('Values replaced by a policy', lost(state, table.name, columns, style), style),
    ...section('Columns', columnLines(state, table.name, style, columns), style),
  ];
}
