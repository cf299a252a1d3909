import type { PlannedColumn, TablePlan } from '../model/destination.ts';
import { plannedCount, plural } from '../tui/format.ts';
import type { Style } from '../tui/theme.ts';
import { wrap } from './help.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';

const ACTIONS: Readonly<Record<TablePlan['action'], string>> = {
  create: 'to create',
  alter: 'to change',
  copy: 'to change and copy again',
  keep: 'as it is',
  blocked: 'blocked',
};

const TONES = { create: 'ok', alter: 'warn', copy: 'warn', keep: 'ok', blocked: 'error' } as const;

const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

function mark({ note, lossy }: PlannedColumn, style: Style): string {
  if (lossy !== null) return style.error(style.symbols.error);
  return note === null ? ' ' : style.warn(style.symbols.warn);
}

function columnTable(columns: readonly PlannedColumn[], io: Io): string {
  const style = io.style.out;
  const rows = columns.map((one) => [
    mark(one, style),
    one.column,
    one.sourceType,
    one.destinationType,
    one.key ? style.dim('key') : '',
  ]);
  return table([' ', 'column', 'PostgreSQL', 'destination', ''], rows, io);
}

/** Under the table of columns, so that it stays narrow: why a column is marked. */
function remarks(columns: readonly PlannedColumn[], style: Style, width: number): string[] {
  return columns.flatMap((one) => {
    const said = [one.lossy === null ? null : `loses values: ${one.lossy}`, one.note].filter((text) => text !== null);
    if (said.length === 0) return [];
    const [first = '', ...rest] = wrap(`${one.column}: ${said.join('; ')}`, width - 6);
    return [`  ${mark(one, style)} ${first}`, ...rest.map((line) => `    ${line}`)];
  });
}

function problems(plan: TablePlan, style: Style, width: number): string[] {
  return plan.problems.flatMap(({ message, hint }) => {
    const [first = '', ...rest] = wrap(message, width - 6);
    const advice = wrap(hint, width - 11).map((line, i) => `      ${style.dim(i === 0 ? 'fix ' : '    ')} ${line}`);
    return [`  ${style.error(style.symbols.error)} ${first}`, ...rest.map((line) => `    ${line}`), ...advice];
  });
}

function one(plan: TablePlan, io: Io, width: number): string {
  const style = io.style.out;
  const tone = TONES[plan.action];
  const road = plan.road === null ? '' : style.dim(`  rows by ${plan.road}`);
  const head = `${style[tone](style.symbols[tone])} ${style.bold(plan.table)} ${style.symbols.arrow} ${plan.destination}  ${ACTIONS[plan.action]}${road}`;
  const parts = [head];
  if (plan.columns.length > 0) parts.push(indent(columnTable(plan.columns, io), 2));
  parts.push(...remarks(plan.columns, style, width), ...problems(plan, style, width));
  if (plan.sql.length > 0) parts.push('', ...plan.sql.map((sql) => indent(style.focus(`${sql};`), 4)));
  return parts.join('\n');
}

/** `3 tables: 2 to create, 1 as it is; 1 column deserves a look`. */
function summary(tables: readonly TablePlan[]): string {
  const actions = (['blocked', 'create', 'alter', 'copy', 'keep'] as const).flatMap((action) => {
    const number = tables.filter((plan) => plan.action === action).length;
    return number === 0 ? [] : [`${number} ${ACTIONS[action]}`];
  });
  const columns = tables.flatMap((plan) => plan.columns);
  const lossy = columns.filter((column) => column.lossy !== null).length;
  const noted = columns.filter((column) => column.lossy === null && column.note !== null).length;
  const marks = [
    ...(lossy === 0 ? [] : [plural(lossy, 'column loses values', 'columns lose values')]),
    ...(noted === 0 ? [] : [plural(noted, 'column deserves a look', 'columns deserve a look')]),
  ];
  return [`${plannedCount(tables)}: ${actions.join(', ')}`, ...marks].join('; ');
}

export function formatPlan(tables: readonly TablePlan[], io: Io): string {
  const style = io.style.out;
  const width = Math.max(50, Math.min(io.width, 110));
  const tone = tables.some(({ action }) => action === 'blocked') ? 'error' : 'ok';
  if (tables.length === 0) return `${style.warn(style.symbols.warn)} no table is chosen`;
  const last = `${style[tone](style.symbols[tone])} ${summary(tables)}`;
  return [...tables.map((plan) => one(plan, io, width)), last].join('\n\n');
}
