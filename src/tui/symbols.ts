/** Every sign that is drawn, one column wide but for arrow and dot; in plain letters where the terminal has nothing else. */
export interface Symbols {
  readonly ok: string;
  readonly warn: string;
  readonly error: string;
  readonly info: string;
  readonly bullet: string;
  readonly arrow: string;
  /** What was left out. */
  readonly dot: string;
  /** Before the line that is selected. */
  readonly pointer: string;
  /** Where the next character goes. */
  readonly cursor: string;
  readonly on: string;
  readonly off: string;
  /** A step that is done, and the one under way. */
  readonly done: string;
  readonly current: string;
  readonly up: string;
  readonly down: string;
  /** Corners of a frame, clockwise from the upper left, and its sides. */
  readonly corners: readonly [string, string, string, string];
  readonly horizontal: string;
  readonly vertical: string;
  /** Filled and empty part of a progress bar. */
  readonly bar: readonly [string, string];
  /** From nothing to full. */
  readonly sparks: readonly string[];
}

export const UNICODE: Symbols = {
  ok: '✔',
  warn: '▲',
  error: '✘',
  info: '●',
  bullet: '·',
  arrow: '→',
  dot: '…',
  pointer: '❯',
  cursor: '▏',
  on: '◼',
  off: '◻',
  done: '◇',
  current: '◆',
  up: '↑',
  down: '↓',
  corners: ['┌', '┐', '┘', '└'],
  horizontal: '─',
  vertical: '│',
  bar: ['█', '░'],
  sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

export const ASCII: Symbols = {
  ok: '+',
  warn: '!',
  error: 'x',
  info: '*',
  bullet: '-',
  arrow: '->',
  dot: '...',
  pointer: '>',
  cursor: '|',
  on: 'x',
  off: '.',
  done: 'o',
  current: '#',
  up: '^',
  down: 'v',
  corners: ['+', '+', '+', '+'],
  horizontal: '-',
  vertical: '|',
  bar: ['#', '.'],
  sparks: ['_', '.', ':', '-', '=', '+', '*', '#'],
};

const SIGNS = ['ok', 'warn', 'error', 'info', 'bullet', 'arrow', 'dot', 'pointer', 'up', 'down'] as const;
const ANY = new RegExp(`[${SIGNS.map((name) => UNICODE[name]).join('')}]`, 'g');

/** A text of ours in the signs that the terminal has. */
export function spelled(text: string, symbols: Symbols): string {
  if (symbols === UNICODE) return text;
  return text.replace(ANY, (sign) => symbols[SIGNS.find((name) => UNICODE[name] === sign) ?? 'dot']);
}
