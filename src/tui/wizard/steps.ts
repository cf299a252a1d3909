import type { Binding } from '../keymap.ts';
import type { Style } from '../theme.ts';
import type { Replies } from './ports.ts';
import type { StepName, WizardState } from './state.ts';
import type { Update } from './update.ts';

/** What room a step has for its lines. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** One step: what it asks, what its keys do, and how it looks while it is open and after it. */
export interface Step {
  readonly title: string;
  /** Beside the title while it is open. */
  readonly about: (state: WizardState) => string;
  /** Asks what the step needs. The step is the open one already. */
  readonly enter: (state: WizardState) => Update;
  /** Keys with a name; all others are text for the step's field. */
  readonly keys: (state: WizardState) => readonly Binding<string>[];
  readonly command: (state: WizardState, command: string) => Update;
  readonly text?: (state: WizardState, name: string, text: string) => Update;
  /** After a reply to a question that is still the last of its kind. */
  readonly learned?: (state: WizardState, question: keyof Replies) => Update;
  readonly lines: (state: WizardState, style: Style, room: Room) => readonly string[];
  /** What was answered, and what came of it. */
  readonly answer: (state: WizardState) => readonly [answer: string, result: string];
}

export type Steps = { readonly [S in StepName]: Step };

export const NEXT: Binding<string> = {
  command: 'next',
  keys: ['enter'],
  short: 'next',
  doc: 'Take this and go on',
  keep: true,
};
export const MOVE: readonly Binding<string>[] = [
  { command: 'up', keys: ['up', 'k'], short: 'move', doc: 'The line above' },
  { command: 'down', keys: ['down', 'j'], short: 'move', doc: 'The line below' },
];
