import type { Style } from '../theme.ts';
import { cell, plain, wrapped } from '../width.ts';
import type { Failure } from './state.ts';

/** Lines of more than this are hard to read. */
const WIDEST = 100;

export const titled = (text: string, columns: number): string[] => wrapped(text, Math.min(columns, WIDEST));

const FIELD = 15;
/** Under the value of a field. */
export const UNDER = ' '.repeat(FIELD);

export const field = (name: string, value: string, focused: boolean, style: Style): string => {
  const { pointer } = style.symbols;
  const label = cell(name, FIELD - 2);
  return focused ? `${style.focus(`${pointer} ${label}`)}${value}` : `  ${style.dim(label)}${value}`;
};

/** What happened, and what can be done. */
export const failureLines = ({ message, hint }: Failure, style: Style, columns: number): string[] => {
  const [first = '', ...rest] = message.split('\n').flatMap((line) => titled(plain(line), columns - 2));
  const advice = hint
    .replaceAll('`', '')
    .split('\n')
    .flatMap((line) => titled(plain(line), columns - 2));
  return [
    `${style.error(style.symbols.error)} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...advice.map((line) => `  ${line}`),
  ];
};

/** Lines of a text, as many as there is room for, with a note about those that are left out. */
export function cut(lines: readonly string[], offset: number, rows: number, style: Style): readonly string[] {
  if (lines.length <= rows) return lines;
  const room = Math.max(1, rows - 1);
  const from = Math.min(offset, lines.length - room);
  const shown = lines.slice(from, from + room);
  const note = `${style.symbols.dot} ${from + 1}-${from + shown.length} of ${lines.length} lines`;
  return [...shown, style.dim(note)];
}

/** The largest offset that still shows a full screen. */
export const lastOffset = (count: number, rows: number): number => Math.max(0, count - Math.max(1, rows - 1));
