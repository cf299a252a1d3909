import { asPg2anyError, type Pg2anyError } from '../model/error.ts';
import { wrap } from './help.ts';
import type { Io } from './io.ts';

/** The same three parts for programs. */
export const errorJson = (error: Pg2anyError) => ({
  code: error.code,
  message: error.message,
  does: consequence(error),
  todo: error.hint,
  exitCode: error.exitCode,
});

/** A failure that is retried while the pipeline runs was final by the time it gets here. */
const consequence = (error: Pg2anyError): string =>
  error.retry ? 'Stops here. The checkpoint stays where it was; nothing is lost.' : error.entry.does;

const lines = (text: string, width: number): string[] =>
  text
    .replaceAll('`', '')
    .split('\n')
    .flatMap((line) => wrap(line, width));

/** What happened, what pg2any does about it, what you can do: always in this order. */
export function printError(thrown: unknown, io: Io): number {
  const error = asPg2anyError(thrown);
  const style = io.style.err;
  const width = Math.max(40, Math.min(io.width, 120) - 10);
  const part = (title: string, text: string): void => {
    const [first = '', ...rest] = lines(text, width);
    io.err(`  ${style.dim(title.padEnd(8))}${first}`);
    for (const line of rest) io.err(`${' '.repeat(10)}${line}`);
  };
  const [first = '', ...rest] = lines(error.message, width + 6);
  io.err(`${style.error(style.symbols.error)} ${style.bold(first)}`);
  for (const line of rest) io.err(`  ${line}`);
  part('pg2any', consequence(error));
  part('you', error.hint);
  part('code', `${error.code}, exit ${error.exitCode}; docs/errors.md`);
  if (error.code === 'INTERNAL' && error.cause instanceof Error) part('stack', error.cause.stack ?? '');
  return error.exitCode;
}
