import type { Key } from 'ink';
import { cell, width } from './width.ts';

/** One thing a key does. The same data is looked up when a key is pressed, and shown in the footer and under `?`. */
export interface Binding<Command extends string> {
  readonly command: Command;
  /** Names as `keyName` gives them; the first is the one that is shown. */
  readonly keys: readonly string[];
  /** A word for the footer. Neighbours with the same word share it: `↑↓ select`. */
  readonly short: string;
  /** For the help, one sentence without a full stop. */
  readonly doc: string;
  /** Stays in the footer however narrow it gets. */
  readonly keep?: boolean;
}

export interface KeySymbols {
  readonly up: string;
  readonly down: string;
}

const NAMES: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  // What terminals send for Backspace is Delete to Ink.
  ['delete', 'backspace'],
];

/** `up`, `enter`, `esc`, `space`, `tab`, `shift-tab`, `ctrl-c`, or the letter itself; text that was pasted as it is. */
export function keyName(input: string, key: Key): string {
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  const named = NAMES.find(([flag]) => key[flag]);
  if (named) return named[1];
  if (key.ctrl) return `ctrl-${input}`;
  if (key.meta) return `alt-${input}`;
  return input === ' ' ? 'space' : input;
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
  '\x03': 'ctrl-c',
};

/** As `keyName`, for keys that came in one read as well: held down, typed ahead, or pasted. */
export function keyNames(input: string, key: Key): readonly string[] {
  const name = keyName(input, key);
  // Esc and the key after it, in one read: no key of ours is pressed together with Alt.
  if (name === `alt-${input}`) return ['esc', input];
  return name === input && input.length > 1 ? Array.from(input, (char) => CONTROLS[char] ?? char) : [name];
}

/** A key, or text that was pasted: then the name is `paste`. */
export interface Press {
  readonly name: string;
  /** What was typed or pasted. */
  readonly text: string;
}

const textOf = (name: string, input: string): string => (name === 'space' ? ' ' : name === input ? input : '');

/** As `keyNames`, for what is typed into: text that came in one read is pasted. */
export function presses(input: string, key: Key): readonly Press[] {
  const names = keyNames(input, key);
  const pasted = names.length > 1 && !(key.meta || key.escape);
  return pasted ? [{ name: 'paste', text: input }] : names.map((name) => ({ name, text: textOf(name, input) }));
}

export function commandFor<C extends string>(bindings: readonly Binding<C>[], name: string): C | null {
  return bindings.find(({ keys }) => keys.includes(name))?.command ?? null;
}

const shownKey = (name: string, symbols: KeySymbols): string =>
  name === 'up' ? symbols.up : name === 'down' ? symbols.down : name;

interface Hint {
  readonly keys: string;
  readonly short: string;
  readonly keep: boolean;
}

function hints(bindings: readonly Binding<string>[], symbols: KeySymbols): Hint[] {
  const merged: Hint[] = [];
  for (const { keys, short, keep = false } of bindings) {
    const last = merged.at(-1);
    const shown = shownKey(keys[0] ?? '', symbols);
    if (last?.short === short) merged[merged.length - 1] = { ...last, keys: last.keys + shown };
    else if (short) merged.push({ keys: shown, short, keep });
  }
  return merged;
}

const GAP = '  ';

/** `keys word` pairs that cell, dropped from the right; those to keep stay. `paint` colours the keys. */
export function footer(
  bindings: readonly Binding<string>[],
  columns: number,
  symbols: KeySymbols,
  paint: (keys: string) => string = (keys) => keys,
): string {
  const all = hints(bindings, symbols);
  const size = (some: readonly Hint[]): number =>
    some.reduce((sum, { keys, short }) => sum + width(`${keys} ${short}${GAP}`), -GAP.length);
  while (size(all) > columns) {
    const last = all.findLastIndex(({ keep }) => !keep);
    if (last < 0) break;
    all.splice(last, 1);
  }
  return all.map(({ keys, short }) => `${paint(keys)} ${short}`).join(GAP);
}

/** A line per binding: all its keys, and what it does. */
export function helpLines(bindings: readonly Binding<string>[], symbols: KeySymbols): string[] {
  const rows = bindings.map(({ keys, doc }) => [keys.map((name) => shownKey(name, symbols)).join(' '), doc] as const);
  const column = Math.max(0, ...rows.map(([keys]) => width(keys)));
  return rows.map(([keys, doc]) => `${cell(keys, column)}  ${doc}`);
}
