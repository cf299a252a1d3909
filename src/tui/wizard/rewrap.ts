import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../screen.ts';
import { pieces } from '../width.ts';

/**
 * Whether a terminal that becomes narrower breaks what it shows anew. Most do; xterm and GNU screen cut it off.
 * https://invisible-island.net/xterm/xterm.faq.html tells of xterm. Inside tmux it is tmux that counts.
 */
const rewraps = ({ TMUX, XTERM_VERSION, STY }: Terminal['environment']): boolean => !!TMUX || !(XTERM_VERSION || STY);

/** Rows that these lines take now more than there are lines. */
const surplus = (lines: readonly string[], columns: number): number =>
  lines.reduce((rows, line) => rows + pieces(stripVTControlCharacters(line).trimEnd(), columns).length - 1, 0);

/**
 * Goes up by as many rows as a narrower terminal has made of the frame above the cursor, and erases what is below: Ink
 * erases as many as it has written.
 */
export function gatherRewrapped(
  lines: readonly string[],
  columns: number,
  environment: Terminal['environment'],
): string {
  const rows = rewraps(environment) ? surplus(lines, columns) : 0;
  return rows > 0 ? `\x1b[${rows}A\r\x1b[J` : '';
}
