import Table from 'cli-table3';
import type { Io } from './io.ts';

const CHARS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export type Align = 'left' | 'right';

/** Rows under dim headings, without lines. Cells may hold line breaks and colours. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  io: Io,
  align: readonly Align[] = [],
): string {
  const made = new Table({
    chars: CHARS,
    // It colours by itself, NO_COLOR or not, unless these are empty.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, i) => align[i] ?? 'left'),
  });
  const { dim } = io.style.out;
  made.push(
    head.map((title) => dim(title)),
    ...rows.map((row) => [...row]),
  );
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
