import { suggestion } from '../config/nearest.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import { EXIT } from '../model/error-codes.ts';
import type { Entry } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, programHelp } from './help.ts';
import { type Io, terminal } from './io.ts';
import { outliveTheTerminal } from './lost-terminal.ts';
import { errorJson, printError } from './print-error.ts';
import { version } from './version.ts';

const HEADLESS = `pg2any alone asks step by step, and needs a terminal to ask at. Without one:

  pg2any init --yes --source postgres://user@host:5432/shop --dest sqlite:./shop.sqlite
  pg2any check              what stands in the way, with the fix
  pg2any replicate          copy the tables, then every change

Or configure it by variables: export CDC_SOURCE_URL=… CDC_DEST_URL=…, then pg2any replicate --env.
pg2any --help shows every command; pg2any demo shows it at work.`;

/** At a terminal the wizard, elsewhere how to do without. */
async function withoutWords(io: Io): Promise<number> {
  const { wantsScreen } = await import('./at-terminal.ts');
  const context = { flags: {}, io, environment: process.env, folder: process.cwd() };
  if (wantsScreen(context)) return await (await import('./wizard.ts')).wizard(context);
  io.err(HEADLESS);
  return EXIT.usage;
}

const wantsHelp = (words: readonly string[]): boolean => words.some((word) => word === '--help' || word === '-h');

function entryOf(name: string): Entry {
  const entry = COMMANDS.find((one) => one.name === name);
  if (entry) return entry;
  const names = COMMANDS.map((one) => one.name);
  const message = name.startsWith('-')
    ? `options come after the command: pg2any replicate ${name}`
    : `there is no command ${JSON.stringify(name)}${suggestion(name, names)}`;
  throw new Pg2anyError('CONFIG_INVALID', message, {
    hint: `The commands are ${names.join(', ')}; pg2any --help explains them.`,
  });
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...words] = argv;
  if (name === undefined) return await withoutWords(io);
  if (name === '--version' || name === '-V' || name === 'version') {
    io.out(version());
    return EXIT.ok;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && words.length === 0)) {
    io.out(programHelp(COMMANDS, io.style.out, io.width));
    return EXIT.ok;
  }
  const entry = entryOf(name === 'help' ? (words[0] ?? '') : name);
  const command = await entry.load();
  if (name === 'help' || wantsHelp(words)) {
    io.out(commandHelp(command, entry.summary, io.style.out, io.width));
    return EXIT.ok;
  }
  const { parseWords } = await import('./parse.ts');
  return await command.run({ ...parseWords(command, words), io, environment: process.env, folder: process.cwd() });
}

/** A reader that closed the pipe (`pg2any discover | head`) is no failure. */
function survivePipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure));
  }
}

function lastResort(io: Io): void {
  const stop = (error: unknown): void => {
    printError(asPg2anyError(error), io);
    process.exit(EXIT.failure);
  };
  process.on('uncaughtException', stop);
  process.on('unhandledRejection', stop);
}

/** Runs the program on these words. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const io = terminal(process.env);
  survivePipes();
  outliveTheTerminal();
  lastResort(io);
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const failure = asPg2anyError(error);
    if (argv.includes('--json')) io.out(JSON.stringify({ error: errorJson(failure) }));
    return printError(failure, io);
  }
}
