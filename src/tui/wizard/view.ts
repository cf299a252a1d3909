import { footer, helpLines } from '../keymap.ts';
import { spelled } from '../symbols.ts';
import type { Style } from '../theme.ts';
import { cell, clip, spread, width } from '../width.ts';
import { titled } from './lines.ts';
import { STEP, stepOf, takesText } from './reducer.ts';
import { STEPS, type WizardState } from './state.ts';

const TITLE = 14;

/** `◇  Source        postgres://…          PostgreSQL 16.4 · 38 ms`, for each step before the open one. */
function answeredLines(state: WizardState, style: Style, columns: number): string[] {
  const at = (STEPS as readonly string[]).indexOf(state.step);
  return STEPS.slice(0, Math.max(0, at)).map((name) => {
    const [answer, result] = STEP[name].answer(state);
    const [room, { dot }] = [columns - 3 - TITLE, style.symbols];
    const about = clip(result, Math.max(Math.floor(room / 2), room - width(answer) - 2), dot);
    const short = clip(answer, room - (about ? width(about) + 2 : 0), dot);
    return spread(
      `${style.ok(style.symbols.done)}  ${cell(STEP[name].title, TITLE)}${short}`,
      style.dim(about),
      columns,
    );
  });
}

function openLine(state: WizardState, style: Style, columns: number): string {
  const step = stepOf(state);
  const title = style.bold(cell(step.title, TITLE));
  return `${style.focus(style.symbols.current)}  ${title}${style.dim(clip(step.about(state), columns - 3 - TITLE, style.symbols.dot))}`;
}

/** What is safe to say about leaving now. */
const promise = ({ step, touched }: WizardState): string => {
  if (step === 'run' || step === 'menu') return 'ctrl-c quit';
  return touched ? 'ctrl-c quit (only the fixes you confirmed were run)' : 'ctrl-c quit (nothing has been changed yet)';
};

/** Keys come first; the promise is said in full where all of them have room beside it. */
function footerLine(state: WizardState, style: Style, columns: number): string {
  const keys = stepOf(state).keys(state);
  const shown = (room: number): string => footer(keys, room, style.symbols, style.focus);
  const whole = shown(Number.MAX_SAFE_INTEGER);
  const end =
    [promise(state), 'ctrl-c quit'].find((text) => width(whole) + width(text) + 5 <= columns) ?? 'ctrl-c quit';
  return `${style.dim(style.symbols.corners[3])}  ${shown(columns - width(end) - 5)}  ${style.dim(end)}`;
}

function headLine(state: WizardState, style: Style, columns: number): string {
  const about = columns < 60 ? '' : ` ${style.dim(`${style.symbols.bullet} replicate PostgreSQL to another database`)}`;
  const title = `${style.bold('pg2any')}${about}`;
  const outer = state.step === 'source' || state.step === 'menu' || state.step === 'draft';
  const right = [...(outer ? [] : ['esc back']), ...(takesText(state) ? [] : ['? help'])].join(' · ');
  return `${style.dim(style.symbols.corners[0])}  ${spread(title, style.dim(right), columns - 3)}`;
}

const HELP_KEYS = [
  { command: 'back', keys: ['esc'], short: '', doc: 'Back to the step before; what was answered stays' },
  {
    command: 'quit',
    keys: ['ctrl-c'],
    short: '',
    doc: 'Leave; your answers are kept for the next time, passwords are not',
  },
];

/** Every line of the wizard, fewer than the terminal has rows. */
export function wizardLines(state: WizardState, style: Style): readonly string[] {
  const columns = Math.max(30, state.size.columns - 1);
  const side = style.dim(style.symbols.vertical);
  const answered = answeredLines(state, style, columns);
  const notice = state.notice === null ? [] : titled(state.notice, columns - 3).map((line) => style.warn(line));
  const fixed = 5 + (answered.length > 0 ? 1 : 0) + (notice.length > 0 ? notice.length + 1 : 0);
  const spare = state.size.rows - 1 - fixed;
  const done = answered.slice(Math.max(0, answered.length - Math.max(0, spare - 8)));
  const room = { columns: columns - 3, rows: Math.max(3, spare - done.length) };
  const help = [...helpLines([...stepOf(state).keys(state), ...HELP_KEYS], style.symbols)];
  const lines = state.help ? help : stepOf(state).lines(state, style, room);
  const body = [...lines.slice(0, room.rows), ...(notice.length > 0 ? ['', ...notice] : [])];
  return [
    headLine(state, style, columns),
    side,
    ...done,
    ...(done.length > 0 ? [side] : []),
    openLine(state, style, columns),
    ...body.map((line) => `${side}  ${line}`.trimEnd()),
    side,
    footerLine(state, style, columns),
  ].map((line) => spelled(line, style.symbols));
}
