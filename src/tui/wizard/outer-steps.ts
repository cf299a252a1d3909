import { CONFIG_FILE } from '../../setup/answers.ts';
import { shownUrl } from '../../setup/secrets.ts';
import type { Binding } from '../keymap.ts';
import { titled } from './lines.ts';
import { goTo } from './navigation.ts';
import { type Choice, known, STEPS, type StepName, type WizardState, withAnswers } from './state.ts';
import { MOVE, NEXT, type Step } from './steps.ts';
import { only, type Update } from './update.ts';

/** Back where it was, where what the step needs is at hand; passwords have to be typed anew, so always by the source. */
function resume(state: WizardState): WizardState {
  const { draft } = state;
  return draft ? goTo(withAnswers(state, draft.answers), 'source') : state;
}

/** With what the configuration says, where there is one. */
const anew = (state: WizardState): WizardState =>
  goTo(state.existing ? withAnswers(state, state.existing) : state, 'source');

const stepTitle = (step: string): string => (STEPS.some((one) => one === (step as StepName)) ? step : 'source');

export const draftStep: Step = {
  title: 'Welcome back',
  about: () => '',
  enter: (state) => only(state),
  keys: () => [
    { ...NEXT, command: 'yes', keys: ['enter', 'y'], short: 'go on with it', doc: 'Go on with these answers' },
    { command: 'no', keys: ['n'], short: 'start anew', doc: 'Forget them', keep: true },
  ],
  command: (state, name) => only(name === 'yes' ? resume(state) : anew({ ...state, draft: null })),
  lines: ({ draft }, style, { columns }) => [
    'You were here before and got to the answers below. Go on with them?',
    '',
    `  ${style.dim('source     ')} ${shownUrl(draft?.answers.source ?? '', 'SOURCE')}`,
    ...(draft?.answers.destination
      ? [`  ${style.dim('destination')} ${shownUrl(draft.answers.destination, 'DEST')}`]
      : []),
    `  ${style.dim('step       ')} ${stepTitle(draft?.step ?? '')}`,
    '',
    ...titled('Passwords are never kept: you are asked for them again.', columns).map(style.dim),
  ],
  answer: () => ['', ''],
};

const CHOICES: readonly (readonly [choice: Choice, key: string, title: string, what: string])[] = [
  ['start', 's', 'start', 'copy the tables, then follow every change'],
  ['edit', 'e', 'edit', 'go through the answers again'],
  ['check', 'c', 'check', 'look at both servers and say what stands in the way'],
  ['verify', 'v', 'verify', 'compare source and destination row by row'],
  ['teardown', 't', 'tear down', 'remove slot, publication and checkpoint; copied tables stay'],
];

function choose(state: WizardState, choice: Choice | undefined): Update {
  if (choice === undefined) return only(state);
  if (choice !== 'edit') return only(state, { type: 'end', outcome: { end: 'chosen', choice } });
  if (state.draft) return only(goTo(state, 'draft'));
  if (state.existing === null)
    return only({ ...state, notice: `${CONFIG_FILE} cannot be read: pg2any check says why.` });
  return only(anew(state));
}

export const menuStep: Step = {
  title: CONFIG_FILE,
  about: () => 'is in this folder already',
  enter: (state) => only(state),
  keys: () => [
    ...MOVE,
    { ...NEXT, short: 'choose', doc: 'Do what is selected' },
    ...CHOICES.map(
      ([choice, key, title, what]): Binding<string> => ({
        command: choice,
        keys: [key],
        short: '',
        doc: `${title}: ${what}`,
      }),
    ),
  ],
  command: (state, name) => {
    if (name === 'up') return only({ ...state, at: Math.max(0, state.at - 1) });
    if (name === 'down') return only({ ...state, at: Math.min(CHOICES.length - 1, state.at + 1) });
    return choose(state, name === 'next' ? CHOICES[state.at]?.[0] : CHOICES.find(([choice]) => choice === name)?.[0]);
  },
  lines: ({ existing, at }, style) => [
    ...(existing
      ? [`${shownUrl(existing.source, 'SOURCE')} ${style.symbols.arrow} ${shownUrl(existing.destination, 'DEST')}`, '']
      : []),
    ...CHOICES.map(([, key, title, what], i) => {
      const text = `${title.padEnd(11)}`;
      return `${i === at ? style.focus(`${style.symbols.pointer} ${text}`) : `  ${text}`}${style.dim(`${what} (${key})`)}`;
    }),
  ],
  answer: () => ['', ''],
};

const end = (state: WizardState, run: boolean): Update =>
  only(state, { type: 'end', outcome: { end: 'written', run } });

export const runStep: Step = {
  title: 'Start now?',
  about: () => '',
  enter: (state) => only(state),
  keys: () => [
    { ...NEXT, command: 'yes', keys: ['y', 'enter'], short: 'start', doc: 'Copy the tables, then follow every change' },
    { command: 'no', keys: ['n', 'esc'], short: 'not now', doc: 'Start later with pg2any replicate', keep: true },
  ],
  command: (state, name) => end(state, name === 'yes'),
  lines: (state, style, { columns }) => [
    ...(known(state, 'written')?.files ?? []).map((file) => `${style.ok(style.symbols.ok)} wrote ${file}`),
    ...(known(state, 'written')?.warnings ?? []).flatMap((warning) =>
      titled(`${style.symbols.warn} ${warning}`, columns).map(style.warn),
    ),
    '',
    ...titled(
      'Starting makes what the review showed, copies the tables and follows every change. It can be stopped at any time, and goes on where it was: pg2any replicate.',
      columns,
    ),
  ],
  answer: () => ['', ''],
};
