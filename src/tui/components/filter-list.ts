import { windowAt } from '../live/layout.ts';

/** A list of which only what contains the filter is shown. */
export interface FilterList {
  readonly filter: string;
  /** Whether keys go to the filter. */
  readonly typing: boolean;
  /** Index into what is shown. */
  readonly at: number;
}

export const NEW_LIST: FilterList = { filter: '', typing: false, at: 0 };

export function shownItems<T>(items: readonly T[], filter: string, nameOf: (item: T) => string): readonly T[] {
  if (filter === '') return items;
  const wanted = filter.toLowerCase();
  return items.filter((item) => nameOf(item).toLowerCase().includes(wanted));
}

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  pageup: -10,
  pagedown: 10,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};

const clamped = (at: number, count: number): number => Math.max(0, Math.min(at, count - 1));

/** After a key that moves; null where it does not. */
export function moved(list: FilterList, name: string, count: number): FilterList | null {
  const step = STEPS[name];
  return step === undefined ? null : { ...list, at: clamped(list.at + step, count) };
}

/** After a key while the filter is typed. Whatever it does, the first match is selected. */
export function filtered(list: FilterList, name: string, text: string): FilterList {
  if (name === 'enter') return { ...list, typing: false };
  if (name === 'esc') return NEW_LIST;
  if (name === 'backspace') return { ...list, filter: list.filter.slice(0, -1), at: 0 };
  if (name === 'ctrl-u') return { ...list, filter: '', at: 0 };
  return /^(ctrl|alt)-|^(tab|shift-tab|left|right)$/.test(name) ? list : { ...list, filter: list.filter + text, at: 0 };
}

/** Which of the shown items there is room for, and how many are left out. */
export function visible<T>(items: readonly T[], at: number, room: number) {
  const { from, to } = windowAt(clamped(at, items.length), items.length, Math.max(1, room));
  return { from, items: items.slice(from, to), rest: items.length - (to - from) };
}
