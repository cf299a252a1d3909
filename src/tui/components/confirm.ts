/** A question before what is hard to undo. Only `y` is yes: Enter, which one presses without thinking, is not. */
export interface Confirm {
  readonly question: string;
}

export const answerTo = (name: string): 'yes' | 'no' | null => {
  if (name === 'y' || name === 'Y') return 'yes';
  return name === 'n' || name === 'N' || name === 'esc' ? 'no' : null;
};

export const CONFIRM_KEYS = [
  { command: 'yes', keys: ['y'], short: 'yes', doc: 'Do it', keep: true },
  { command: 'no', keys: ['n', 'esc'], short: 'no', doc: 'Leave it', keep: true },
] as const;
