import type { Question } from './ports.ts';
import type { Choice, Failure, WizardState } from './state.ts';

/** What the reducer wants done; it does nothing itself. */
export type Effect =
  | { readonly type: 'ask'; readonly question: Question; readonly id: number; readonly argument: string }
  | { readonly type: 'keep' }
  | { readonly type: 'end'; readonly outcome: Outcome };

/** How the wizard ended. */
export type Outcome =
  | { readonly end: 'left' }
  | { readonly end: 'written'; readonly run: boolean }
  | { readonly end: 'chosen'; readonly choice: Exclude<Choice, 'edit'> };

export interface Update {
  readonly state: WizardState;
  readonly effects: readonly Effect[];
}

export type WizardEvent =
  | { readonly type: 'key'; readonly name: string; readonly text: string }
  | { readonly type: 'reply'; readonly question: Question; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly question: Question; readonly id: number; readonly failure: Failure }
  | { readonly type: 'size'; readonly columns: number; readonly rows: number };

export const only = (state: WizardState, ...effects: readonly Effect[]): Update => ({ state, effects });

/** Asks, unless this is known, or being asked, about the same. */
export function ask(update: Update, question: Question, about: string, argument = '', anew = false): Update {
  const { state, effects } = update;
  const before = state.asked[question];
  if (!anew && before && before.about === about && before.is !== 'failed') return update;
  const id = state.count + 1;
  return {
    state: { ...state, count: id, asked: { ...state.asked, [question]: { is: 'asking', id, about } } },
    effects: [...effects, { type: 'ask', question, id, argument }],
  };
}
