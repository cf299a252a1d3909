import { commandFor } from '../keymap.ts';

/** For a question before what is hard to undo. Only `y` is yes: Enter, which one presses without thinking, is not. */
export const CONFIRM_KEYS = [
  { command: 'yes', keys: ['y', 'Y'], short: 'yes', doc: 'Do it', keep: true },
  { command: 'no', keys: ['n', 'N', 'esc'], short: 'no', doc: 'Leave it', keep: true },
] as const;

export const answerTo = (name: string): 'yes' | 'no' | null => commandFor(CONFIRM_KEYS, name);
