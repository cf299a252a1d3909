import meow from 'meow';
import { suggestion } from '../config/nearest.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Command, Context, Flag, Flags } from './command.ts';

const camel = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const flagType = (flag: Flag) =>
  flag.value
    ? ({ type: 'string', isMultiple: flag.multiple === true } as const)
    : ({ type: 'boolean', ...(flag.negated ? { default: true } : {}) } as const);

function usage(command: Command, message: string): Pg2anyError {
  return new Pg2anyError('CONFIG_INVALID', message, { hint: `pg2any ${command.name} --help shows what there is.` });
}

/** Flags that the command does not have, with the one that was probably meant. */
function unknownFlags(command: Command, argv: readonly string[]): string[] {
  const known = command.flags.map((flag) => `--${flag.negated ? 'no-' : ''}${flag.name}`);
  const given = argv.filter((word) => /^-./.test(word)).map((word) => word.split('=')[0] ?? word);
  return given
    .filter((word) => !known.includes(word))
    .map((word) => `${command.name} has no option ${word}${suggestion(word, known)}`);
}

/** Flags that need a value and are followed by none. */
function valueless(command: Command, argv: readonly string[]): string[] {
  const needs = command.flags.filter((flag) => flag.value !== undefined && !flag.value.startsWith('['));
  return needs
    .filter(({ name }) => argv.some((word, i) => word === `--${name}` && /^(--.*)?$/.test(argv[i + 1] ?? '')))
    .map((flag) => `--${flag.name} needs a value: --${flag.name} ${flag.value}`);
}

function repeated(command: Command, argv: readonly string[]): string[] {
  const times = ({ name }: Flag): number => argv.filter((word) => word.split('=')[0] === `--${name}`).length;
  return command.flags
    .filter((flag) => !flag.multiple && times(flag) > 1)
    .map((flag) => `--${flag.name} is given ${times(flag)} times; once is enough`);
}

function strangeWord(command: Command, word: string): Pg2anyError {
  const meant = suggestion(word, command.words ?? []);
  return usage(command, `${command.name} takes no argument ${JSON.stringify(word)}${meant}`);
}

/** Words after the command to flags. Throws CONFIG_INVALID. */
export const parseFlags = (command: Command, argv: readonly string[]): Flags => parseWords(command, argv).flags;

/** As `parseFlags`, with the word between them, where one was given. */
export function parseWords(command: Command, argv: readonly string[]): Pick<Context, 'flags' | 'word'> {
  const problems = [unknownFlags, valueless, repeated].flatMap((check) => check(command, argv));
  if (problems.length > 0) throw usage(command, problems.join('\n'));
  const types = Object.fromEntries(command.flags.map((flag) => [camel(flag.name), flagType(flag)]));
  const parsed = meow({
    argv,
    importMeta: import.meta,
    pkg: { name: 'pg2any' },
    flags: types,
    autoHelp: false,
    autoVersion: false,
    inferType: false,
  });
  const strange = parsed.input.find((word, i) => i > 0 || !command.words?.includes(word));
  if (strange !== undefined) throw strangeWord(command, strange);
  const values = parsed.flags as Readonly<Record<string, unknown>>;
  const flags = Object.fromEntries(command.flags.map((flag) => [flag.name, flagValue(flag, values[camel(flag.name)])]));
  const word = parsed.input[0];
  return word === undefined ? { flags } : { flags, word };
}

/** A switch that was not touched is absent. */
function flagValue(flag: Flag, raw: unknown): Flags[string] {
  const untouched = flag.value === undefined && raw === (flag.negated === true);
  return untouched ? undefined : (raw as Flags[string]);
}
