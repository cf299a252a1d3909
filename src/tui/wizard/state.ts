import { type Answers, NO_ANSWERS } from '../../setup/answers.ts';
import type { Draft } from '../../setup/draft.ts';
import { type FilterList, NEW_LIST } from '../components/filter-list.ts';
import { fieldOf, type TextField } from '../components/text-field.ts';
import type { Size } from '../size.ts';
import type { Question, Replies } from './ports.ts';

/** Steps in their order; `draft` and `menu` come before them where there is something to choose. */
export const STEPS = [
  'source',
  'destination',
  'tables',
  'names',
  'preflight',
  'mapping',
  'options',
  'review',
  'run',
] as const;
export type StepName = (typeof STEPS)[number] | 'draft' | 'menu';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** `about` is what the question was asked about: the reply to another one does not count. */
export type Asked<T> = { readonly id: number; readonly about: string } & (
  | { readonly is: 'asking' }
  | { readonly is: 'known'; readonly value: T }
  | { readonly is: 'failed'; readonly failure: Failure }
);

export type AskedOf = { readonly [Q in Question]?: Asked<Replies[Q]> };

export type FieldName =
  | 'source'
  | 'sourcePassword'
  | 'destination'
  | 'destinationPassword'
  | 'mirror'
  | 'registry'
  | 'slot'
  | 'publication';

/** What the menu of a folder with a configuration leads to. */
export type Choice = 'start' | 'edit' | 'check' | 'verify' | 'teardown';

export interface WizardState {
  readonly step: StepName;
  readonly size: Size;
  readonly answers: Answers;
  readonly fields: Readonly<Record<FieldName, TextField>>;
  /** Which of the fields of a step has the keys. */
  readonly focus: FieldName;
  readonly asked: AskedOf;
  /** Number of questions asked so far. */
  readonly count: number;
  readonly tables: FilterList;
  /** Names that are chosen; null before the source has told its tables. */
  readonly chosen: ReadonlySet<string> | null;
  /** Selected line of the step's list. */
  readonly at: number;
  /** First line that is shown of a text that is longer than the screen. */
  readonly offset: number;
  /** What is asked for `y` before it is done. */
  readonly confirming: 'fix' | 'write' | null;
  /** The mapping shows rows, not columns. */
  readonly sampling: boolean;
  readonly help: boolean;
  readonly draft: Draft | null;
  /** What an existing configuration came to; null where there is none. */
  readonly existing: Answers | null;
  /** One line about what was just done or cannot be. */
  readonly notice: string | null;
  /** A fix was run: something at a server is no longer as it was. */
  readonly touched: boolean;
}

export interface Start {
  readonly size: Size;
  readonly draft: Draft | null;
  readonly existing: Answers | null;
  /** A configuration is there, even if it cannot be read. */
  readonly configured: boolean;
}

/** Answers, also as they stand in the fields. */
export const withAnswers = (state: WizardState, answers: Answers): WizardState => ({
  ...state,
  answers,
  fields: {
    source: fieldOf(answers.source),
    sourcePassword: fieldOf(''),
    destination: fieldOf(answers.destination),
    destinationPassword: fieldOf(''),
    mirror: fieldOf(answers.mirror),
    registry: fieldOf(answers.kafkaRegistry),
    slot: fieldOf(answers.slot ?? ''),
    publication: fieldOf(answers.publication ?? ''),
  },
});

export function firstState({ size, draft, existing, configured }: Start): WizardState {
  const empty = fieldOf('');
  const fields = { source: empty, sourcePassword: empty, destination: empty, destinationPassword: empty };
  return {
    step: configured ? 'menu' : draft ? 'draft' : 'source',
    size,
    answers: NO_ANSWERS,
    fields: { ...fields, mirror: empty, registry: empty, slot: empty, publication: empty },
    focus: 'source',
    asked: {},
    count: 0,
    tables: NEW_LIST,
    chosen: null,
    at: 0,
    offset: 0,
    confirming: null,
    sampling: false,
    help: false,
    draft,
    existing,
    notice: null,
    touched: false,
  };
}

/** What was learned, where it was. */
export function known<Q extends Question>(state: WizardState, question: Q): Replies[Q] | null {
  const asked: Asked<Replies[Question]> | undefined = state.asked[question];
  return asked?.is === 'known' ? (asked.value as Replies[Q]) : null;
}

export const failureOf = (state: WizardState, question: Question): Failure | null => {
  const asked = state.asked[question];
  return asked?.is === 'failed' ? asked.failure : null;
};

export const isAsking = (state: WizardState, question: Question): boolean => state.asked[question]?.is === 'asking';
