import type { Command, Entry, Flag } from '../command.ts';

/** A flag as a shell completes it. */
export interface Option {
  /** With dashes: `--no-tui`. */
  readonly text: string;
  readonly doc: string;
  readonly multiple: boolean;
  /** Null for a switch. */
  readonly value: Value | null;
}

export interface Value {
  /** For people: `now|LSN`. */
  readonly placeholder: string;
  readonly optional: boolean;
  readonly files: boolean;
  /** The words it may be, where they are known. */
  readonly choices: readonly string[];
}

/** A command with everything that may follow it. */
export interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly string[];
  readonly options: readonly Option[];
}

const HELP: Option = { text: '--help', doc: 'Show this help', multiple: false, value: null };

/** In a placeholder, small letters are to be typed as they are, capitals stand for something: `now|LSN`, `[FILE]`. */
function readPlaceholder(text: string): Value {
  const placeholder = text.replaceAll(/[[\]]/g, '');
  const parts = placeholder.split('|');
  return {
    placeholder,
    optional: text.startsWith('['),
    files: parts.includes('FILE'),
    choices: parts.filter((part) => part === part.toLowerCase()),
  };
}

const option = (flag: Flag): Option => ({
  text: `--${flag.negated ? 'no-' : ''}${flag.name}`,
  doc: flag.doc,
  multiple: flag.multiple === true,
  value: flag.value === undefined ? null : readPlaceholder(flag.value),
});

const completed = ({ name, words, flags }: Command, summary: string): Completed => ({
  name,
  summary,
  words: words ?? [],
  options: [...flags.map(option), HELP],
});

/** Every command, and `help`, which takes any of them. */
export async function completedCommands(entries: readonly Entry[]): Promise<readonly Completed[]> {
  const all = await Promise.all(entries.map(async (entry) => completed(await entry.load(), entry.summary)));
  const help = { name: 'help', summary: 'show the help of a command', words: all.map(({ name }) => name), options: [] };
  return [...all, help];
}
