import { Painter } from './painter.ts';

/** What of a terminal the views use: process.stdin and process.stdout, or what a test puts in their place. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';

/** A view takes the terminal only where somebody sits at it: both ends, and nothing that asks for plain lines. */
export function isInteractive({ stdin, stdout, environment }: Omit<Terminal, 'stderr'>): boolean {
  return stdin.isTTY === true && stdout.isTTY === true && !environment.CI && environment.TERM !== 'dumb';
}

export interface Screen {
  /** What does not fit is cut off. */
  draw(lines: readonly string[]): void;
  /** Whatever the terminal shows by now: the next frame is drawn whole. */
  forget(): void;
  /** Gives the terminal back; more than once does no harm. */
  leave(): void;
}

/** What is written to stderr meanwhile would tear the frame: it is kept, and written once the screen is left. */
function holdBack(stderr: NodeJS.WriteStream): () => void {
  const kept: (string | Uint8Array)[] = [];
  const write = stderr.write;
  stderr.write = ((chunk: string | Uint8Array): boolean => {
    kept.push(chunk);
    return true;
  }) as typeof stderr.write;
  return () => {
    stderr.write = write;
    for (const chunk of kept) stderr.write(chunk);
  };
}

/** Node waits until a terminal has taken what is written to it: at the end of a dead connection, that is for ever. */
function setBlocking(stdout: NodeJS.WriteStream, on: boolean): void {
  const { _handle: handle } = stdout as { readonly _handle?: { setBlocking?(on: boolean): void } };
  handle?.setBlocking?.(on);
}

/**
 * Takes the whole screen and gives it back whatever ends the process: its own exit, or an error that nobody caught,
 * whose report must not vanish with the screen it was written to.
 */
export function takeScreen({ stdin, stdout, stderr }: Terminal): Screen {
  const release = stderr.isTTY ? holdBack(stderr) : () => undefined;
  let taken = true;
  const leave = (): void => {
    if (!taken) return;
    taken = false;
    process.off('exit', leave).off('uncaughtExceptionMonitor', leave).off('unhandledRejection', leave);
    // What is written at the very end has to be out at once. A terminal that does not read must not keep us from ending.
    const stuck = stdout.writableLength > 0;
    setBlocking(stuck ? stderr : stdout, !stuck);
    stdout.write(LEAVE);
    stdin.setRawMode?.(false);
    release();
  };
  process.once('exit', leave).once('uncaughtExceptionMonitor', leave);
  // Only before the handler that reports: with one of ours alone, Node would not end the process any more.
  if (process.listenerCount('unhandledRejection') > 0) process.prependOnceListener('unhandledRejection', leave);
  // Whoever types before anybody listens must not write into the frame.
  stdin.setRawMode?.(true);
  setBlocking(stdout, false);
  stdout.write(ENTER);
  const painter = new Painter(stdout);
  return {
    draw: (lines) => taken && painter.draw(lines),
    forget: () => painter.forget(),
    leave,
  };
}
