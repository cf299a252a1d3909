import { namesOf, publicationProblem, slotProblem } from '../../setup/names.ts';
import { edited, fieldLine, fieldOf } from '../components/text-field.ts';
import { plural } from '../format.ts';
import type { Style } from '../theme.ts';
import { failureLines, field, titled, UNDER } from './lines.ts';
import { forward } from './navigation.ts';
import { failureOf, known, type WizardState } from './state.ts';
import { NEXT, type Room, type Step } from './steps.ts';
import { ask, only, type Update } from './update.ts';

type Name = 'publication' | 'slot';

interface Verdict {
  readonly tone: 'ok' | 'warn' | 'error';
  readonly text: string;
}

const fine = (text: string): Verdict => ({ tone: 'ok', text });
const wrong = (text: string): Verdict => ({ tone: 'error', text });

function publicationVerdict(state: WizardState): Verdict {
  const name = state.fields.publication.text;
  const problem = publicationProblem(name);
  if (problem) return wrong(problem);
  const there = known(state, 'names')?.publications;
  if (!there) return { tone: 'warn', text: 'not known yet whether it exists' };
  const tables = there.get(name);
  if (tables === undefined) return fine('will be created');
  const what = tables === null ? 'all tables' : plural(tables, 'table');
  return { tone: 'warn', text: `exists with ${what}: it is used as it is, with its row filters and column lists` };
}

function slotVerdict(state: WizardState): Verdict {
  const name = state.fields.slot.text;
  const problem = slotProblem(name);
  if (problem) return wrong(problem);
  const there = known(state, 'names')?.slots;
  if (!there) return { tone: 'warn', text: 'not known yet whether it exists' };
  const slot = there.get(name);
  if (!slot) return fine('will be created');
  if (slot.problem !== null) return wrong(`exists, but ${slot.problem}: choose another name`);
  if (slot.active) return wrong('exists and is in use: a pg2any runs with it, or somebody else');
  return { tone: 'warn', text: 'exists: it is used; its checkpoint must be at this destination' };
}

const VERDICTS: Readonly<Record<Name, (state: WizardState) => Verdict>> = {
  publication: publicationVerdict,
  slot: slotVerdict,
};

function next(state: WizardState): Update {
  const bad = (['publication', 'slot'] as const).find((name) => VERDICTS[name](state).tone === 'error');
  if (bad) return only({ ...state, focus: bad, notice: `The ${bad} ${VERDICTS[bad](state).text}.` });
  const { publication, slot } = state.fields;
  const answers = { ...state.answers, publication: publication.text, slot: slot.text };
  return only(forward({ ...state, answers }), { type: 'keep' });
}

const EXPLAINED: Readonly<Record<Name, string>> = {
  publication: 'The list of tables whose changes PostgreSQL sends.',
  slot: 'Remembers how far the copy is, so that nothing is lost while pg2any is stopped. One slot is one copy.',
};

function part(name: Name, state: WizardState, style: Style, columns: number): readonly string[] {
  const focused = state.focus === name;
  const { tone, text } = VERDICTS[name](state);
  const value = focused ? fieldLine(state.fields[name], columns - UNDER.length, style) : state.fields[name].text;
  const [first = '', ...rest] = titled(text, columns - UNDER.length - 2);
  return [
    field(name, value, focused, style),
    `${UNDER}${style[tone](`${style.symbols[tone]} ${first}`)}`,
    ...rest.map((line) => `${UNDER}  ${style[tone](line)}`),
    ...titled(EXPLAINED[name], columns - UNDER.length).map((line) => style.dim(`${UNDER}${line}`)),
  ];
}

function lines(state: WizardState, style: Style, { columns }: Room): readonly string[] {
  const failure = failureOf(state, 'names');
  return [
    ...titled('pg2any makes these two at the source; pg2any teardown removes them again.', columns),
    '',
    ...part('publication', state, style, columns),
    '',
    ...part('slot', state, style, columns),
    ...(failure ? ['', ...failureLines(failure, style, columns)] : []),
  ];
}

const other = (state: WizardState): WizardState => ({
  ...state,
  focus: state.focus === 'slot' ? 'publication' : 'slot',
  notice: null,
});

export const namesStep: Step = {
  title: 'Names',
  about: () => '',
  enter: (state) => {
    const usual = namesOf(state.answers);
    const fields = { ...state.fields, slot: fieldOf(usual.slot), publication: fieldOf(usual.publication) };
    return ask(only({ ...state, fields }), 'names', state.answers.source, '', true);
  },
  keys: () => [
    NEXT,
    { command: 'other', keys: ['tab', 'shift-tab', 'up', 'down'], short: 'other name', doc: 'Publication or slot' },
  ],
  command: (state, name) => (name === 'next' ? next(state) : only(other(state))),
  text: (state, name, text) => {
    const of: Name = state.focus === 'slot' ? 'slot' : 'publication';
    return only({ ...state, notice: null, fields: { ...state.fields, [of]: edited(state.fields[of], name, text) } });
  },
  lines,
  answer: ({ answers: { publication, slot } }) => [`publication ${publication} · slot ${slot}`, ''],
};
