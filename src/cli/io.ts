import { hideIn, redact } from '../config/redact.ts';
import { type Style, styleFor } from '../tui/theme.ts';

/** The terminal as a command sees it. Data goes to `out`, messages and progress to `err`, one line each. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Lines on stdout; with `again` those that the next ones replace, where stdout is a terminal. */
  screen(text: string, again: boolean): void;
  /** A line that the next one replaces; nothing where stderr is no terminal. */
  progress(text: string): void;
  /** Whether `progress` shows anything. */
  readonly replacesLines: boolean;
  readonly style: { readonly out: Style; readonly err: Style };
  /** Columns of stdout; 80 when it is no terminal. */
  readonly width: number;
  /** Both stdin and stderr are terminals: a question can be asked. */
  readonly interactive: boolean;
  /** From here on `hide` is applied to everything that is written. */
  protect(hide: (text: string) => string): void;
}

/** Lines over the last `above` ones. Long lines are cut, not wrapped; what is not overwritten is cleared: no flicker. */
function redraw(lines: readonly string[], above: number): string {
  const up = above > 0 ? `\x1b[${above}A` : '';
  return `${up}\r\x1b[?7l${lines.map((one) => `${one}\x1b[K\n`).join('')}\x1b[?7h\x1b[J`;
}

export function terminal(environment: Readonly<Record<string, string | undefined>>): Io {
  let hide = redact([]);
  let transient = false;
  let drawn = 0;
  const { stdin, stdout, stderr } = process;
  const replacesLines = stderr.isTTY === true && environment.TERM !== 'dumb';
  const clear = (): void => {
    if (transient) stderr.write('\r\x1b[K');
    transient = false;
  };
  const line = (stream: NodeJS.WriteStream, text: string): void => {
    clear();
    stream.write(`${hideIn(text, hide)}\n`);
  };
  return {
    out: (text) => line(stdout, text),
    err: (text) => line(stderr, text),
    screen: (text, again) => {
      const replaces = again && stdout.isTTY === true && environment.TERM !== 'dumb';
      if (!replaces) return line(stdout, again ? `${text}\n` : text);
      clear();
      const lines = hide(text)
        .split('\n')
        .slice(0, Math.max(1, (stdout.rows ?? 24) - 1));
      stdout.write(redraw(lines, drawn));
      drawn = lines.length;
    },
    progress: (text) => {
      if (!replacesLines) return;
      stderr.write(`\r\x1b[K${hide(text).slice(0, (stderr.columns ?? 80) - 1)}`);
      transient = true;
    },
    replacesLines,
    style: {
      out: styleFor(environment, stdout.isTTY === true),
      err: styleFor(environment, stderr.isTTY === true),
    },
    width: stdout.columns || Number(environment.COLUMNS) || 80,
    interactive: stdin.isTTY === true && stderr.isTTY === true && !environment.CI,
    protect: (more) => {
      const before = hide;
      hide = (text) => more(before(text));
    },
  };
}
