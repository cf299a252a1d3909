import type { Style } from '../theme.ts';
import { clipPainted, width } from '../width.ts';
import { FRAME } from './pages.ts';

export interface Panel {
  readonly title: string;
  readonly note?: string;
  /** At the right end of the lower border. */
  readonly foot?: string;
  readonly focused?: boolean;
  /** Those that there is no room for are left out. */
  readonly lines: readonly string[];
}

/** A frame of exactly `columns` by `rows`, both borders included. */
export function panelLines(panel: Panel, columns: number, rows: number, style: Style): readonly string[] {
  const { title, note = '', foot = '', focused = false, lines } = panel;
  const { corners, horizontal, vertical } = style.symbols;
  const rule = (count: number): string => style.dim(horizontal.repeat(Math.max(0, count)));
  const inner = columns - FRAME;
  const head = ` ${title} `;
  const end = note ? ` ${note} ` : '';
  const tail = foot ? ` ${foot} ` : '';
  const side = style.dim(vertical);
  const body = lines.slice(0, rows - 2).map((line) => clipPainted(line, inner, style.symbols.dot));
  const padded = [...body, ...Array<string>(Math.max(0, rows - 2 - lines.length)).fill('')];
  return [
    style.dim(corners[0]) +
      (focused ? style.focus(head) : style.bold(head)) +
      rule(columns - 3 - width(head) - width(end)) +
      style.dim(end) +
      rule(1) +
      style.dim(corners[1]),
    ...padded.map((line) => `${side} ${line}${' '.repeat(Math.max(0, inner - width(line)))} ${side}`),
    style.dim(corners[3]) + rule(columns - 3 - width(tail)) + style.dim(tail) + rule(1) + style.dim(corners[2]),
  ];
}
