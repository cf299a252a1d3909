import { fieldOf } from '../components/text-field.ts';
import { type FieldName, STEPS, type StepName, type WizardState } from './state.ts';

/** Which field has the keys when a step opens. */
const FIRST_FIELD: { readonly [S in StepName]?: FieldName } = {
  source: 'source',
  destination: 'destination',
  names: 'publication',
};

export const goTo = (state: WizardState, step: StepName): WizardState => ({
  ...state,
  step,
  focus: FIRST_FIELD[step] ?? state.focus,
  at: 0,
  offset: 0,
  confirming: null,
  sampling: false,
  notice: null,
});

/** The step after or before this one; itself at the ends. */
export function neighbour(step: StepName, by: 1 | -1): StepName {
  return STEPS[(STEPS as readonly StepName[]).indexOf(step) + by] ?? step;
}

export const forward = (state: WizardState): WizardState => goTo(state, neighbour(state.step, 1));

/** Passwords typed in a field of their own are part of the URL by now. */
export const settled = (state: WizardState): WizardState => ({
  ...state,
  fields: {
    ...state.fields,
    source: fieldOf(state.answers.source || state.fields.source.text),
    destination: fieldOf(state.answers.destination || state.fields.destination.text),
    sourcePassword: fieldOf(''),
    destinationPassword: fieldOf(''),
  },
});

/** What the checks of preflight, plan and review depend on. */
export const aboutAll = ({ answers }: WizardState): string => JSON.stringify(answers);
