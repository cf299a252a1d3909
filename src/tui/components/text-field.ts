import type { Style } from '../theme.ts';
import { width } from '../width.ts';

/** A line that is typed. */
export interface TextField {
  readonly text: string;
  /** Before which character the cursor stands. */
  readonly at: number;
}

export const fieldOf = (text: string): TextField => ({ text, at: text.length });

/** What is typed or pasted never holds a line end or another control character: it would end up inside a password. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not get in
const clean = (text: string): string => text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '');

const MOVES: Readonly<Record<string, (field: TextField) => TextField>> = {
  left: ({ text, at }) => ({ text, at: Math.max(0, at - 1) }),
  right: ({ text, at }) => ({ text, at: Math.min(text.length, at + 1) }),
  home: ({ text }) => ({ text, at: 0 }),
  end: ({ text }) => fieldOf(text),
  'ctrl-a': ({ text }) => ({ text, at: 0 }),
  'ctrl-e': ({ text }) => fieldOf(text),
  'ctrl-u': ({ text, at }) => ({ text: text.slice(at), at: 0 }),
  'ctrl-k': ({ text, at }) => fieldOf(text.slice(0, at)),
  'ctrl-w': ({ text, at }) => {
    const kept = text.slice(0, at).replace(/[^\s/:@]*[\s/:@]*$/, '');
    return { text: kept + text.slice(at), at: kept.length };
  },
  backspace: ({ text, at }) => (at === 0 ? { text, at } : { text: text.slice(0, at - 1) + text.slice(at), at: at - 1 }),
};

/** The field after a key, or after text that was typed or pasted. */
export function edited(field: TextField, name: string, typed: string): TextField {
  const move = MOVES[name];
  if (move) return move(field);
  if (/^(ctrl|alt)-./.test(name) || /^(up|down|tab|shift-tab|enter|esc|page(up|down))$/.test(name)) return field;
  const more = clean(typed);
  return { text: field.text.slice(0, field.at) + more + field.text.slice(field.at), at: field.at + more.length };
}

/** `all`: nothing can be read; `url`: all but the password. */
export type Mask = 'none' | 'url' | 'all';

const dots = (text: string): string => '*'.repeat(text.length);

/** The same text, of the same length, without what nobody may read over a shoulder. */
export function masked(text: string, mask: Mask): string {
  if (mask === 'all') return dots(text);
  const [, head = '', rest = ''] = (mask === 'url' && /^([a-z][a-z0-9+.-]*:\/\/[^:/@]*:)(.*)$/is.exec(text)) || [];
  if (head === '') return text;
  const end = rest.lastIndexOf('@');
  if (end >= 0) return head + dots(rest.slice(0, end)) + rest.slice(end);
  return /^\d*(\/.*)?$/.test(rest) ? text : head + dots(rest);
}

/** One line with a cursor; of a longer text the part around it. */
export function fieldLine(field: TextField, columns: number, style: Style, mask: Mask = 'none'): string {
  const shown = masked(field.text, mask);
  const cursor = style.focus(style.symbols.cursor);
  const from = Math.max(0, Math.min(field.at - columns + 1, shown.length));
  const before = shown.slice(from, field.at);
  const after = shown.slice(field.at, field.at + Math.max(0, columns - 1 - width(before)));
  return before + cursor + after;
}
