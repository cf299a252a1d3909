import { CONFIRM_KEYS } from '../components/confirm.ts';
import { plainStyle as plainly, type Style } from '../theme.ts';
import { plain } from '../width.ts';
import { cut, failureLines, lastOffset, titled } from './lines.ts';
import { aboutAll, forward } from './navigation.ts';
import { failureOf, isAsking, known, type WizardState } from './state.ts';
import { NEXT, type Room, type Step } from './steps.ts';
import { ask, only, type Update } from './update.ts';

/** A statement of several lines, with its lines as they are. */
const indented = (statements: readonly string[], columns: number): string[] =>
  statements.flatMap((sql) => sql.split('\n').flatMap((line) => pieces(line, columns - 2)));

/** Long lines are broken, never cut: all of it is there to be read. */
function pieces(line: string, columns: number): string[] {
  const lead = /^\s*/.exec(line)?.[0] ?? '';
  const [first = '', ...rest] = titled(plain(line), Math.max(20, columns - lead.length - 2));
  return [`  ${lead}${first}`, ...rest.map((one) => `  ${lead}  ${one}`)];
}

export function reviewText(state: WizardState, style: Style, columns: number): readonly string[] {
  const review = known(state, 'review');
  if (!review) return [];
  const part = (title: string, lines: readonly string[]): string[] => [style.bold(title), ...lines, ''];
  const none = (what: string): string[] => [`  ${style.dim(what)}`];
  const source = indented(review.source, columns);
  const destination = indented(review.destination, columns);
  return [
    ...part('Runs at the source, when you start', source.length > 0 ? source.map(style.focus) : none('nothing')),
    ...part(
      'Runs at the destination, when you start',
      destination.length > 0 ? destination.map(style.focus) : none('nothing'),
    ),
    ...part(
      'pg2any.yaml',
      review.yaml
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    ),
    ...part(
      'The same without questions',
      review.command.map((line) => `  ${line}`),
    ),
  ].slice(0, -1);
}

function command(state: WizardState, name: string): Update {
  const most = lastOffset(reviewText(state, plainly, state.size.columns - 4).length, 4);
  const to = (offset: number): Update => only({ ...state, offset: Math.max(0, Math.min(most, offset)) });
  switch (name) {
    case 'up':
      return to(state.offset - 1);
    case 'down':
      return to(state.offset + 1);
    case 'pageup':
      return to(state.offset - 8);
    case 'pagedown':
      return to(state.offset + 8);
    case 'yes':
      return ask(only({ ...state, confirming: null }), 'written', aboutAll(state), '', true);
    case 'no':
      return only({ ...state, confirming: null, notice: 'Nothing was written.' });
    default:
      return only(known(state, 'review') ? { ...state, confirming: 'write', notice: null } : state);
  }
}

function confirmLines(state: WizardState, style: Style, columns: number): readonly string[] {
  const replaces = known(state, 'review')?.replaces ?? [];
  const warn = `${style.symbols.warn} This replaces ${replaces.join(' and ')}.`;
  return [
    'Write pg2any.yaml, and the passwords into .env, which only you can read?',
    ...(replaces.length > 0 ? ['', style.warn(warn)] : []),
    '',
    ...titled('Neither server is changed by that; you are asked next whether to start.', columns).map(style.dim),
    '',
    `${style.focus('y')} write   ${style.focus('n')} not yet`,
  ];
}

function lines(state: WizardState, style: Style, { columns, rows }: Room): readonly string[] {
  const failure = failureOf(state, 'review') ?? failureOf(state, 'written');
  if (failure) return failureLines(failure, style, columns);
  if (!known(state, 'review') || isAsking(state, 'review'))
    return [style.focus(`${style.symbols.info} gathering every statement${style.symbols.dot}`)];
  if (state.confirming === 'write') return confirmLines(state, style, columns);
  return cut(reviewText(state, style, columns), state.offset, rows, style);
}

export const reviewStep: Step = {
  title: 'Review',
  about: () => 'everything that will happen, before it does',
  enter: (state) => ask(only(state), 'review', aboutAll(state), '', true),
  keys: (state) =>
    state.confirming === 'write'
      ? CONFIRM_KEYS
      : [
          { command: 'up', keys: ['up', 'k'], short: 'scroll', doc: 'A line up' },
          { command: 'down', keys: ['down', 'j'], short: 'scroll', doc: 'A line down' },
          { command: 'pagedown', keys: ['pagedown', 'space'], short: 'further', doc: 'Eight lines down' },
          { command: 'pageup', keys: ['pageup'], short: '', doc: 'Eight lines up' },
          { ...NEXT, short: 'write the files', doc: 'Write pg2any.yaml and .env' },
        ],
  command,
  learned: (state, question) => only(question === 'written' && known(state, 'written') ? forward(state) : state),
  lines,
  answer: (state) => [known(state, 'written')?.files.join(' and ') ?? '', 'written'],
};
