import { sizeOf } from './size.ts';
import { clipPainted } from './width.ts';

const CLEAR = '\x1b[2J';
/** Terminals that know these show what is written between them at once; others pass over them. */
const [BEGIN, END] = ['\x1b[?2026h', '\x1b[?2026l'];

const at = (row: number): string => `\x1b[${row + 1};1H`;

/** Draws frame over frame on a whole screen. Only lines that changed are written: it may be at the end of a thin line. */
export class Painter {
  private readonly stdout: NodeJS.WriteStream;
  /** Null where nothing is known of what the terminal shows. */
  private shown: readonly string[] | null = null;

  constructor(stdout: NodeJS.WriteStream) {
    this.stdout = stdout;
  }

  /** Lines of any length and number: what does not fit is cut off. A frame is skipped while the one before is on its way. */
  draw(lines: readonly string[]): void {
    if (this.stdout.writableLength > 0) return;
    const { columns, rows } = sizeOf(this.stdout);
    const before = this.shown;
    const now = lines.slice(0, rows).map((line) => clipPainted(line, columns));
    // Erased before it is written: after its last column, the cursor still stands on it.
    const changed = now.flatMap((line, row) => (line === before?.[row] ? [] : [`${at(row)}\x1b[2K${line}`]));
    const rest = before && now.length < before.length ? `${at(now.length)}\x1b[J` : '';
    this.shown = now;
    const text = (before ? '' : CLEAR) + changed.join('') + rest;
    if (text !== '') this.stdout.write(BEGIN + text + END);
  }

  /** After a change of size, say: the next frame is drawn anew, whole. */
  forget(): void {
    this.shown = null;
  }
}
