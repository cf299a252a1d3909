type Paint = (text: string) => string;

/** How text looks: what the command line knows about the terminal. */
export interface DemoStyle {
  readonly ok: Paint;
  readonly error: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
  readonly symbols: {
    readonly ok: string;
    readonly error: string;
    readonly bullet: string;
    readonly arrow: string;
    readonly dot: string;
  };
}

/** Where the demo talks to. */
export interface DemoIo {
  /** One line to stdout, without the line break. */
  readonly write: (line: string) => void;
  readonly style: DemoStyle;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

export type Mark = 'ok' | 'error' | 'bullet';

const WIDTH = 80;
const SECONDS_WIDTH = 8;
const NOTE_INDENT = 4;

export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Tells what happens, a line per step, 80 columns wide. */
export class Narrator {
  private readonly io: DemoIo;
  private since = performance.now();

  constructor(io: DemoIo) {
    this.io = io;
  }

  get style(): DemoStyle {
    return this.io.style;
  }

  line(text = ''): void {
    this.io.write(text);
  }

  heading(text: string): void {
    this.line(this.style.bold(text));
  }

  /** A step that is done, with the time since the one before. */
  step(mark: Mark, text: string): void {
    const now = performance.now();
    const seconds = `${((now - this.since) / 1000).toFixed(1)} s`.padStart(SECONDS_WIDTH);
    this.since = now;
    const room = WIDTH - SECONDS_WIDTH - 4;
    this.line(`  ${this.mark(mark)} ${text.padEnd(room)}${this.style.dim(seconds)}`);
  }

  /** More about the step before. */
  note(text: string): void {
    for (const line of wrap(text, WIDTH - NOTE_INDENT)) this.line(`${' '.repeat(NOTE_INDENT)}${this.style.dim(line)}`);
  }

  /** One moment of the live load. */
  moment(mark: Mark, second: number, text: string): void {
    const at = `${second.toFixed(0).padStart(3)} s`;
    this.line(`    ${this.style.dim(at)}  ${this.mark(mark)} ${text}`);
  }

  private mark(mark: Mark): string {
    const { style } = this;
    const paint = mark === 'bullet' ? style.dim : style[mark];
    return paint(style.symbols[mark]);
  }
}

/** Lines of at most this width, broken between words; a longer word stands alone. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
