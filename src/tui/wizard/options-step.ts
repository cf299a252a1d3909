import type { Answers } from '../../setup/answers.ts';
import { hasKafka, usesRegistry } from '../../setup/kinds.ts';
import type { Style } from '../theme.ts';
import { cell } from '../width.ts';
import { titled } from './lines.ts';
import { forward } from './navigation.ts';
import type { WizardState } from './state.ts';
import { MOVE, NEXT, type Room, type Step } from './steps.ts';
import { only, type Update } from './update.ts';

type OptionName = 'snapshot' | 'schemaChanges' | 'policy' | 'kafkaFormat' | 'kafkaEncoding';

interface Option {
  readonly name: OptionName;
  readonly title: string;
  /** What each choice does, in words. */
  readonly choices: readonly (readonly [choice: string, meaning: string])[];
}

const OPTIONS: readonly Option[] = [
  {
    name: 'snapshot',
    title: 'First copy',
    choices: [
      ['initial', 'copies the rows that are there now, then follows every change'],
      ['never', 'copies nothing: only changes from now on'],
      ['only', 'copies the rows that are there now, then stops'],
    ],
  },
  {
    name: 'schemaChanges',
    title: 'ALTER TABLE',
    choices: [
      ['apply', 'the destination follows when source tables change; what would lose values stops with the SQL to run'],
      ['stop', 'every change of a source table stops, with the SQL to run'],
      ['ignore', 'nothing is altered: new columns are not copied'],
    ],
  },
  {
    name: 'policy',
    title: 'Bad values',
    choices: [
      ['error', 'a value that the destination cannot hold stops the copy: nothing is ever changed silently'],
      ['null', 'it becomes NULL; the original is kept in pg2any_lost_values'],
      ['clamp', 'it becomes the nearest value; the original is kept in pg2any_lost_values'],
      ['text', 'columns with such values become text columns'],
    ],
  },
];

const EVENTS: Option = {
  name: 'kafkaFormat',
  title: 'Events',
  choices: [
    ['debezium', "Debezium's envelope: before, after, source and op"],
    ['debezium-schema', 'the same, with the schema in every event, as Kafka Connect wants it'],
    ['flat', 'the row alone; a delete is a record without a value'],
  ],
};

/** With a registry, which has the schemas. */
const SHAPES: Option = { ...EVENTS, choices: EVENTS.choices.filter(([choice]) => choice !== 'debezium-schema') };

const ENCODING: Option = {
  name: 'kafkaEncoding',
  title: 'Written as',
  choices: [
    ['avro', 'Avro, with its schemas in the registry'],
    ['json-schema', 'JSON, with its schemas in the registry'],
  ],
};

/** What is asked; of Kafka only where it takes part. */
function optionsOf({ answers }: WizardState): readonly Option[] {
  if (usesRegistry(answers)) return [...OPTIONS, SHAPES, ENCODING];
  return hasKafka(answers) ? [...OPTIONS, EVENTS] : OPTIONS;
}

function turned(state: WizardState, by: 1 | -1): WizardState {
  const option = optionsOf(state)[state.at];
  if (!option) return state;
  const { name, choices } = option;
  const at = choices.findIndex(([choice]) => choice === state.answers[name]);
  const next = choices[(at + by + choices.length) % choices.length]?.[0];
  return { ...state, answers: { ...state.answers, [name]: next } as Answers };
}

function optionLines(
  { name, title, choices }: Option,
  here: boolean,
  state: WizardState,
  style: Style,
  columns: number,
) {
  const words = choices.map(([choice]) =>
    choice === state.answers[name]
      ? style.focus(`${style.symbols.on} ${choice}`)
      : style.dim(`${style.symbols.off} ${choice}`),
  );
  const meaning = choices.find(([choice]) => choice === state.answers[name])?.[1] ?? '';
  const label = cell(title, 14);
  return [
    `${here ? style.focus(`${style.symbols.pointer} ${label}`) : `  ${label}`}${words.join('   ')}`,
    ...titled(meaning, columns - 16).map((line) => style.dim(`${' '.repeat(16)}${line}`)),
  ];
}

/** With little room only the option that has the keys says what it does. */
function fitting(all: readonly string[][], at: number, rows: number): readonly string[] {
  const whole = all.flat().length;
  if (whole + all.length - 1 <= rows) return all.flatMap((one, i) => (i > 0 ? ['', ...one] : one));
  return whole <= rows ? all.flat() : all.flatMap((one, i) => (i === at ? one : one.slice(0, 1)));
}

const lines = (state: WizardState, style: Style, { columns, rows }: Room): readonly string[] => {
  const all = optionsOf(state).map((option, at) => optionLines(option, at === state.at, state, style, columns));
  return fitting(all, state.at, rows);
};

function command(state: WizardState, name: string): Update {
  if (name === 'up') return only({ ...state, at: Math.max(0, state.at - 1) });
  if (name === 'down') return only({ ...state, at: Math.min(optionsOf(state).length - 1, state.at + 1) });
  if (name === 'next') return only(forward(state), { type: 'keep' });
  return only(turned(state, name === 'left' ? -1 : 1));
}

export const optionsStep: Step = {
  title: 'Options',
  about: () => 'what is chosen will do for most',
  enter: (state) => only(state),
  keys: () => [
    ...MOVE,
    { command: 'right', keys: ['space', 'right', 'l'], short: 'change', doc: 'The next choice', keep: true },
    { command: 'left', keys: ['left', 'h'], short: '', doc: 'The choice before' },
    NEXT,
  ],
  command,
  lines,
  answer: ({ answers }) => {
    const { snapshot, schemaChanges, policy, kafkaFormat, kafkaEncoding } = answers;
    const written = usesRegistry(answers) ? ` as ${kafkaEncoding}` : '';
    const events = hasKafka(answers) ? ` · events ${kafkaFormat}${written}` : '';
    return [`first copy ${snapshot} · ALTER TABLE ${schemaChanges} · bad values ${policy}${events}`, ''];
  },
};
