import { commandFor } from '../keymap.ts';
import { connectStep } from './connect-step.ts';
import { mappingStep } from './mapping-step.ts';
import { namesStep } from './names-step.ts';
import { goTo, neighbour } from './navigation.ts';
import { optionsStep } from './options-step.ts';
import { draftStep, menuStep, runStep } from './outer-steps.ts';
import { preflightStep } from './preflight-step.ts';
import { reviewStep } from './review-step.ts';
import type { WizardState } from './state.ts';
import type { Step, Steps } from './steps.ts';
import { tablesStep } from './tables-step.ts';
import { only, type Update, type WizardEvent } from './update.ts';

export const STEP: Steps = {
  draft: draftStep,
  menu: menuStep,
  source: connectStep('source'),
  destination: connectStep('destination'),
  tables: tablesStep,
  names: namesStep,
  preflight: preflightStep,
  mapping: mappingStep,
  options: optionsStep,
  review: reviewStep,
  run: runStep,
};

export const stepOf = (state: WizardState): Step => STEP[state.step];

/** A step that was opened asks what it needs. */
function entered(before: WizardState, update: Update): Update {
  if (update.state.step === before.step) return update;
  const { state, effects } = stepOf(update.state).enter(update.state);
  return { state, effects: [...update.effects, ...effects] };
}

function back(state: WizardState): Update {
  if (state.step === 'source' && (state.existing || state.draft))
    return only(goTo(state, state.existing ? 'menu' : 'draft'));
  const to = neighbour(state.step, -1);
  const first = 'This is the first step; ctrl-c leaves, and keeps your answers.';
  if (to === state.step) return only({ ...state, notice: first });
  return only(goTo(state, to));
}

/** A letter is text here, not a key. */
export const takesText = (state: WizardState): boolean =>
  state.step === 'source' || state.step === 'destination' || state.step === 'names' || state.tables.typing;

function press(state: WizardState, name: string, text: string): Update {
  if (name === 'ctrl-c') return only(state, { type: 'keep' }, { type: 'end', outcome: { end: 'left' } });
  if (state.help) return only({ ...state, help: false });
  const step = stepOf(state);
  const command = commandFor(step.keys(state), name);
  if (command !== null) return step.command(state, command);
  if (name === 'esc') return back(state);
  if (name === '?' && !takesText(state)) return only({ ...state, help: true });
  return step.text?.(state, name, text) ?? only(state);
}

function answered(state: WizardState, event: Extract<WizardEvent, { type: 'reply' | 'failure' }>): Update {
  const { question, id } = event;
  const asked = state.asked[question];
  // Of a question that was asked again since, or whose answer is no longer wanted.
  if (asked?.id !== id) return only(state);
  const { about } = asked;
  const reply =
    event.type === 'reply'
      ? { is: 'known', id, about, value: event.value }
      : { is: 'failed', id, about, failure: event.failure };
  const told = { ...state, asked: { ...state.asked, [question]: reply } } as WizardState;
  return stepOf(told).learned?.(told, question) ?? only(told);
}

/** What an event makes of the wizard, and what has to be done. Pure. */
export function update(state: WizardState, event: WizardEvent): Update {
  switch (event.type) {
    case 'size':
      return only({ ...state, size: { columns: event.columns, rows: event.rows } });
    case 'key':
      return entered(state, press(state, event.name, event.text));
    default:
      return entered(state, answered(state, event));
  }
}
