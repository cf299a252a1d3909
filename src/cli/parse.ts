import meow from 'meow';
import { suggestion } from '../config/nearest.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Command, Flag, Flags } from './command.ts';

const camel = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const flagType = (flag: Flag) =>
  flag.value
    ? ({ type: 'string', isMultiple: true } as const)
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

function single(command: Command, flag: Flag, value: readonly string[]): string | undefined {
  if (value.length > 1) throw usage(command, `--${flag.name} is given ${value.length} times; once is enough`);
  const text = value[0];
  if (text === '' && !flag.value?.startsWith('['))
    throw usage(command, `--${flag.name} needs a value: --${flag.name} ${flag.value}`);
  return text;
}

/** Words after the command to flags. Throws CONFIG_INVALID. */
export function parseFlags(command: Command, argv: readonly string[]): Flags {
  const problems = unknownFlags(command, argv);
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
  if (strange !== undefined) throw usage(command, `${command.name} takes no argument ${JSON.stringify(strange)}`);
  const values = parsed.flags as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    command.flags.map((flag) => [flag.name, flagValue(command, flag, values[camel(flag.name)])]),
  );
}

function flagValue(command: Command, flag: Flag, raw: unknown): Flags[string] {
  if (flag.value === undefined) return raw === (flag.negated === true) ? undefined : (raw as boolean | undefined);
  const list = raw as readonly string[];
  if (!flag.multiple) return single(command, flag, list);
  if (list.includes('')) throw usage(command, `--${flag.name} needs a value: --${flag.name} ${flag.value}`);
  return list;
}
