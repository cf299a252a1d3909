import { EXIT_CODES } from '../model/exit-codes.ts';
import type { Style } from '../tui/theme.ts';
import type { Command, Flag } from './command.ts';

const HELP: Flag = { name: 'help', doc: 'Show this help' };

export const flagText = (flag: Flag): string =>
  `--${flag.negated ? 'no-' : ''}${flag.name}${flag.value ? ` ${flag.value}` : ''}`;

/** Words of `text` in lines of at most `width`; the indent of the first line, behind its dash if any, is kept. */
export function wrap(text: string, width: number): string[] {
  const [, indent = '', dash = '', words = ''] = /^( *)(- )?(.*)$/s.exec(text) ?? [];
  const hang = `${indent}${dash === '' ? '' : '  '}`;
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? `${indent}${dash}${word}` : `${hang}${word}`);
  }
  return lines;
}

/** Two columns, the right one wrapped. */
export function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const left = Math.max(...rows.map(([text]) => text.length)) + 4;
  return rows.flatMap(([name, text]) =>
    wrap(text, Math.max(30, width - left)).map((line, i) => `${(i === 0 ? `  ${name}` : '').padEnd(left)}${line}`),
  );
}

const section = (title: string, lines: readonly string[], style: Style): string[] => ['', style.bold(title), ...lines];

/** What `pg2any COMMAND --help` prints. */
export function commandHelp(command: Command, summary: string, style: Style, terminalWidth: number): string {
  const width = Math.min(terminalWidth, 100);
  const flags = [...command.flags, HELP].map((flag) => [flagText(flag), flag.doc] as const);
  const examples = command.examples.flatMap(({ run, doc }) => [`  ${style.dim(`# ${doc}`)}`, `  ${run}`]);
  return [
    `${style.bold(`pg2any ${command.name}`)}: ${summary}`,
    ...(command.about ?? []).flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
    ...section(
      'Usage',
      command.usage.split('\n').map((line) => `  ${line}`),
      style,
    ),
    ...section('Options', columns(flags, width), style),
    ...section('Examples', examples, style),
  ].join('\n');
}

export interface Summary {
  readonly name: string;
  readonly summary: string;
}

const ABOUT =
  'Copies PostgreSQL tables into MySQL, MariaDB, SQL Server, SQLite or Kafka, then keeps them the same, change by change, exactly once.';

/** What `pg2any --help` prints. */
export function programHelp(commands: readonly Summary[], style: Style, terminalWidth: number): string {
  const width = Math.min(terminalWidth, 100);
  const listed = commands.map((command) => [command.name, command.summary] as const);
  return [
    ...wrap(ABOUT, width),
    ...section('Usage', ['  pg2any COMMAND [OPTIONS]', '  pg2any COMMAND --help', '  pg2any --version'], style),
    ...section('Commands', columns(listed, width), style),
    ...section(
      'Start',
      [
        '  export CDC_SOURCE_URL=postgres://user:password@host:5432/shop',
        '  export CDC_DEST_URL=sqlite:./shop.sqlite',
        '  pg2any check --env',
        '  pg2any replicate --env',
      ],
      style,
    ),
    ...section('Exit codes', columns(EXIT_CODES, width), style),
  ].join('\n');
}
