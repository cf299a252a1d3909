import type { Completed, Option } from './model.ts';

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

function ofOption(command: string, { text, doc, value }: Option): string[] {
  const when = `__fish_seen_subcommand_from ${command}`;
  const line = (condition: string, more: string): string => `complete -c pg2any -n ${quoted(condition)} ${more}`;
  const long = `-l ${text.slice(2)} -d ${quoted(doc)}`;
  if (value === null) return [line(when, long)];
  // -r would take the next word for the value in every case.
  if (value.optional) return [line(when, long), line(`${when}; and __fish_prev_arg_in ${text}`, '-F')];
  if (value.files) return [line(when, `${long} -r -F`)];
  return [line(when, `${long} -x${value.choices.length > 0 ? ` -a ${quoted(value.choices.join(' '))}` : ''}`)];
}

function ofCommand({ name, summary, words, options }: Completed): string[] {
  const when = quoted(`__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${words.join(' ')}`);
  return [
    `complete -c pg2any -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...(words.length > 0 ? [`complete -c pg2any -n ${when} -a ${quoted(words.join(' '))}`] : []),
    ...options.flatMap((option) => ofOption(name, option)),
  ];
}

/** For fish 3 and later. */
export function fishScript(commands: readonly Completed[]): string {
  return `# Completion of pg2any for fish. To have it in every shell:
#   pg2any completion fish > ~/.config/fish/completions/pg2any.fish
complete -c pg2any -e
complete -c pg2any -f
complete -c pg2any -n __fish_use_subcommand -l help -d 'Show the help'
complete -c pg2any -n __fish_use_subcommand -l version -d 'Show the version'
${commands.flatMap(ofCommand).join('\n')}`;
}
