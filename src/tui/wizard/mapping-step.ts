import type { PlannedColumn, TablePlan } from '../../model/destination.ts';
import { visible } from '../components/filter-list.ts';
import { plannedCount, plural } from '../format.ts';
import type { Style } from '../theme.ts';
import { cell, clip, plain, width } from '../width.ts';
import { cut, failureLines, titled } from './lines.ts';
import { aboutAll, forward } from './navigation.ts';
import { failureOf, isAsking, known, type WizardState } from './state.ts';
import { MOVE, NEXT, type Room, type Step } from './steps.ts';
import { ask, only, type Update } from './update.ts';

/** What deserves a look comes first: among hundreds of tables it would not be found. */
const urgency = (plan: TablePlan): number =>
  plan.action === 'blocked' ? 0 : lossy(plan) > 0 ? 1 : noted(plan) > 0 ? 2 : 3;

const plans = (state: WizardState): readonly TablePlan[] =>
  (known(state, 'plan') ?? []).toSorted((a, b) => urgency(a) - urgency(b));
const selected = (state: WizardState): TablePlan | undefined => plans(state)[state.at];

const ACTIONS: Readonly<Record<TablePlan['action'], string>> = {
  create: 'will be created',
  alter: 'will be altered',
  copy: 'will be copied again',
  keep: 'is used as it is',
  blocked: 'cannot be replicated',
};

const lossy = ({ columns }: TablePlan): number => columns.filter((column) => column.lossy !== null).length;
const noted = ({ columns }: TablePlan): number =>
  columns.filter(({ note, lossy: lost }) => note !== null && lost === null).length;

/** The table has a line already where Kafka is beside a database. */
const nameOf = ({ kind, table, destination }: TablePlan): string => (kind === 'topic' ? destination : table);

function marks(plan: TablePlan, style: Style): string {
  const { warn } = style.symbols;
  if (plan.action === 'blocked') return style.error(`${style.symbols.error} ${ACTIONS.blocked}`);
  const [lost, look] = [lossy(plan), noted(plan)];
  const parts = [
    ...(lost > 0 ? [`${warn} ${plural(lost, 'column loses values', 'columns lose values')}`] : []),
    ...(look > 0 ? [`${warn} ${plural(look, 'column deserves a look', 'columns deserve a look')}`] : []),
  ];
  return parts.length > 0 ? style.warn(parts.join('  ')) : style.dim(ACTIONS[plan.action]);
}

function columnLines(columns: readonly PlannedColumn[], style: Style, room: number): string[] {
  const name = Math.min(24, Math.max(0, ...columns.map((one) => width(one.column))));
  const type = Math.min(30, Math.max(0, ...columns.map((one) => width(one.sourceType))));
  return columns.flatMap((one) => {
    const tone = one.lossy === null ? 'warn' : 'error';
    const mark = one.lossy ?? one.note;
    const key = one.key ? style.dim(' key') : '';
    const sign = mark === null ? ' ' : style[tone](style.symbols[tone]);
    const there = `${style.symbols.arrow} ${plain(one.destinationType)}`;
    const head = `  ${sign} ${cell(plain(one.column), name)}  ${style.dim(cell(plain(one.sourceType), type))}  ${there}${key}`;
    const why = mark === null ? [] : titled(one.lossy === null ? mark : `loses values: ${mark}`, room - 6);
    return [head, ...why.map((line) => `      ${style[tone](line)}`)];
  });
}

function detail(plan: TablePlan, style: Style, columns: number): readonly string[] {
  const problems = plan.problems.flatMap(({ message, hint }) =>
    failureLines({ code: '', message, hint }, style, columns),
  );
  const head = `${plain(plan.table)} ${style.symbols.arrow} ${plain(plan.destination)}`;
  const road = plan.road === null ? '' : `, rows by ${plan.road}`;
  return [
    style.bold(clip(head, columns, style.symbols.dot)),
    ...titled(`${ACTIONS[plan.action]}${road}`, columns - 2).map((line) => `  ${style.dim(line)}`),
    ...problems,
    ...columnLines(plan.columns, style, columns),
  ];
}

/** Three rows as they would be stored or sent, side by side by column. */
function sampleLines(state: WizardState, style: Style, columns: number): readonly string[] {
  const failure = failureOf(state, 'sample');
  if (failure) return failureLines(failure, style, columns);
  const sample = known(state, 'sample');
  if (!sample || isAsking(state, 'sample'))
    return [style.focus(`${style.symbols.info} reading rows${style.symbols.dot}`)];
  if (sample.rows.length === 0) return [style.dim('The table is empty.')];
  const name = Math.min(24, Math.max(...sample.columns.map(width)));
  const value = Math.max(6, Math.floor((columns - name - 4) / sample.rows.length) - 2);
  const shown = (text: string | null): string =>
    text === null ? style.dim(cell('NULL', value)) : cell(clip(plain(text), value, style.symbols.dot), value);
  return [
    style.bold(`${plain(sample.table)} as ${sample.kind === 'topic' ? 'events' : 'it would be stored'}`),
    ...sample.columns.map(
      (column, i) =>
        `  ${style.dim(cell(plain(column), name))}  ${sample.rows.map((row) => shown(row[i] ?? null)).join('  ')}`,
    ),
  ];
}

/** A third of the room for the tables, the rest for the one that is selected. */
function lines(state: WizardState, style: Style, { columns, rows }: Room): readonly string[] {
  const failure = failureOf(state, 'plan');
  if (failure) return failureLines(failure, style, columns);
  const all = plans(state);
  const plan = selected(state);
  if (!plan) {
    const doing = known(state, 'plan')
      ? 'No table is chosen.'
      : `${style.symbols.info} working out the tables${style.symbols.dot}`;
    return [style.focus(doing)];
  }
  const { items, from, rest } = visible(all, state.at, Math.max(2, Math.floor(rows / 3)));
  const name = Math.min(40, Math.max(...all.map((one) => width(nameOf(one)))));
  const list = items.map((one, i) => {
    const here = from + i === state.at;
    const title = cell(plain(nameOf(one)), name, 'left', style.symbols.dot);
    return `${here ? style.focus(`${style.symbols.pointer} ${title}`) : `  ${title}`}  ${marks(one, style)}`;
  });
  const more = rest > 0 ? [style.dim(`${style.symbols.dot} ${rest} more`)] : [];
  const body = state.sampling ? sampleLines(state, style, columns) : detail(plan, style, columns);
  return [...list, ...more, '', ...cut(body, state.offset, rows - list.length - more.length - 1, style)];
}

const sample = (update: Update): Update => {
  const table = selected(update.state)?.table ?? '';
  return update.state.sampling ? ask(update, 'sample', `${aboutAll(update.state)} ${table}`, table) : update;
};

function moved(state: WizardState, by: 1 | -1): Update {
  const at = Math.max(0, Math.min(plans(state).length - 1, state.at + by));
  return sample(only({ ...state, at, offset: 0, notice: null }));
}

function next(state: WizardState): Update {
  if (!known(state, 'plan')) return only(state);
  const bad = plans(state).find(({ action }) => action === 'blocked');
  const leave = bad && `${bad.table} cannot be replicated as it is: go back with esc and leave it out, or change it.`;
  return leave ? only({ ...state, notice: leave, at: plans(state).indexOf(bad) }) : only(forward(state));
}

function command(state: WizardState, name: string): Update {
  if (name === 'up' || name === 'down') return moved(state, name === 'up' ? -1 : 1);
  if (name === 'rows') return sample(only({ ...state, sampling: !state.sampling, offset: 0 }));
  if (name === 'further') return only({ ...state, offset: state.offset + 5 });
  if (name === 'nearer') return only({ ...state, offset: Math.max(0, state.offset - 5) });
  return next(state);
}

/** `12 tables, 1 column loses values`. */
function summary(state: WizardState): string {
  const all = plans(state);
  const lost = all.reduce((sum, plan) => sum + lossy(plan), 0);
  const look = all.reduce((sum, plan) => sum + noted(plan), 0);
  return [
    plannedCount(all),
    ...(lost > 0 ? [plural(lost, 'column loses values', 'columns lose values')] : []),
    ...(look > 0 ? [plural(look, 'column deserves a look', 'columns deserve a look')] : []),
  ].join(' · ');
}

export const mappingStep: Step = {
  title: 'Mapping',
  about: (state) => (known(state, 'plan') ? summary(state) : ''),
  enter: (state) => ask(only(state), 'plan', aboutAll(state)),
  keys: (state) => [
    ...MOVE,
    {
      command: 'rows',
      keys: ['s'],
      short: state.sampling ? 'columns' : 'sample rows',
      doc: 'Three rows as stored or sent, or the columns',
    },
    { command: 'further', keys: ['pagedown', 'space'], short: 'more lines', doc: 'Further down in the lower part' },
    { command: 'nearer', keys: ['pageup'], short: '', doc: 'Further up in the lower part' },
    NEXT,
  ],
  command,
  lines,
  answer: (state) => [summary(state), ''],
};
