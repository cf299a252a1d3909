import { Chalk, type ColorSupportLevel } from 'chalk';
import { ASCII, type Symbols, UNICODE } from './symbols.ts';

export type { Symbols } from './symbols.ts';

/** Four meanings and two weights; what is said is never said by colour alone. */
export interface Style {
  readonly ok: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly error: (text: string) => string;
  readonly focus: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly symbols: Symbols;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** https://no-color.org: NO_COLOR when present and not empty; chalk does not look at it. */
export function colourLevel(environment: Environment, isTty: boolean): ColorSupportLevel {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined && forced !== '') return forced === '0' || forced === 'false' ? 0 : 1;
  if (environment.NO_COLOR || environment.TERM === 'dumb' || !isTty) return 0;
  return 1;
}

/** A locale that says something other than UTF-8, or a terminal that can do nothing, gets plain letters. */
export function symbolsFor(environment: Environment): Symbols {
  if (environment.TERM === 'dumb') return ASCII;
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  return !locale || /utf-?8/i.test(locale) ? UNICODE : ASCII;
}

/** The sixteen colours of the terminal's own palette, never a background: they suit light and dark ones alike. */
export function styleFor(environment: Environment, isTty: boolean): Style {
  const chalk = new Chalk({ level: colourLevel(environment, isTty) });
  return {
    ok: (text) => chalk.green(text),
    warn: (text) => chalk.yellow(text),
    error: (text) => chalk.red(text),
    focus: (text) => chalk.cyan(text),
    dim: (text) => chalk.dim(text),
    bold: (text) => chalk.bold(text),
    symbols: symbolsFor(environment),
  };
}

/** For what is only measured. */
export const plainStyle: Style = styleFor({}, false);
