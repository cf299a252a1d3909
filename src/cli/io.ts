import { redact } from '../config/redact.ts';
import { type Style, styleFor } from '../tui/theme.ts';

/** The terminal as a command sees it. Data goes to `out`, messages and progress to `err`, one line each. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** A line that the next one replaces; nothing where stderr is no terminal. */
  progress(text: string): void;
  readonly style: { readonly out: Style; readonly err: Style };
  /** Columns of stdout; 80 when it is no terminal. */
  readonly width: number;
  /** Both stdin and stderr are terminals: a question can be asked. */
  readonly interactive: boolean;
  /** From here on `hide` is applied to everything that is written. */
  protect(hide: (text: string) => string): void;
}

export function terminal(environment: Readonly<Record<string, string | undefined>>): Io {
  let hide = redact([]);
  let transient = false;
  const { stdin, stdout, stderr } = process;
  const clear = (): void => {
    if (transient) stderr.write('\r\x1b[K');
    transient = false;
  };
  const line = (stream: NodeJS.WriteStream, text: string): void => {
    clear();
    stream.write(`${hide(text)}\n`);
  };
  return {
    out: (text) => line(stdout, text),
    err: (text) => line(stderr, text),
    progress: (text) => {
      if (stderr.isTTY !== true || environment.TERM === 'dumb') return;
      stderr.write(`\r\x1b[K${hide(text).slice(0, (stderr.columns ?? 80) - 1)}`);
      transient = true;
    },
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
