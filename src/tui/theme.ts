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

/** Terminals by https://no-color.org: NO_COLOR when present and not empty; chalk does not look at it. */
export function colourLevel(environment: Environment, isTty: boolean): ColorSupportLevel {
  const forced = environment.FORCE_COLOR;
  if (forced === '0' || forced === 'false') return 0;
  const many = /256|direct|kitty|alacritty|ghostty|wezterm|foot/.test(environment.TERM ?? '') || environment.COLORTERM;
  if (!forced && (environment.NO_COLOR || environment.TERM === 'dumb' || !isTty)) return 0;
  return many ? 2 : 1;
}

/** A locale that says something other than UTF-8, or a terminal that can do nothing, gets plain letters. */
export function symbolsFor(environment: Environment): Symbols {
  if (environment.TERM === 'dumb') return ASCII;
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  return !locale || /utf-?8/i.test(locale) ? UNICODE : ASCII;
}

/**
 * Of the 256 colours, from the part that no terminal's palette changes. They are of middling lightness, so that they can
 * be read on light backgrounds and on dark ones. Of the sixteen that have names none can: yellow on white is 1.7 : 1,
 * blue on black 2.2 : 1.
 */
export const COLOURS = { ok: 64, warn: 136, error: 196, focus: 32, dim: 244 } as const;

const BASIC = { ok: 'green', warn: 'yellow', error: 'red', focus: 'cyan', dim: 'dim' } as const;

export function styleFor(environment: Environment, isTty: boolean): Style {
  const level = colourLevel(environment, isTty);
  const chalk = new Chalk({ level });
  const painted = (tone: keyof typeof COLOURS) =>
    level === 2 ? (text: string) => chalk.ansi256(COLOURS[tone])(text) : (text: string) => chalk[BASIC[tone]](text);
  return {
    ok: painted('ok'),
    warn: painted('warn'),
    error: painted('error'),
    focus: painted('focus'),
    dim: painted('dim'),
    bold: (text) => chalk.bold(text),
    symbols: symbolsFor(environment),
  };
}

/** For what is only measured. */
export const plainStyle: Style = styleFor({}, false);
