import { stripVTControlCharacters } from 'node:util';

/** Two columns: https://www.unicode.org/reports/tr11/, the ranges that East Asian text and pictures come from. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NOTHING = /[\p{Mn}\p{Me}\p{Cf}]/u;
const CONTROL = /\p{Cc}+/gu;
const PRINTABLE = /^[\x20-\x7e]*$/;

const columnsOf = (char: string): number => (WIDE.test(char) ? 2 : NOTHING.test(char) ? 0 : 1);

/** Columns of a terminal that this text takes; colours take none. */
export function width(text: string): number {
  const bare = stripVTControlCharacters(text);
  if (PRINTABLE.test(bare)) return bare.length;
  let columns = 0;
  for (const char of bare) columns += columnsOf(char);
  return columns;
}

/** One line without anything that moves a cursor: names and messages come from servers. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(CONTROL, ' ').trim();

/** At most this wide; what was cut off is shown by `dot`. Of text without colours. */
export function clip(text: string, columns: number, dot = '…'): string {
  if (width(text) <= columns) return text;
  const room = columns - dot.length;
  if (room <= 0) return dot.slice(0, Math.max(0, columns));
  let kept = '';
  let used = 0;
  for (const char of text) {
    used += columnsOf(char);
    if (used > room) break;
    kept += char;
  }
  return kept + dot;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /(\x1b\[[0-9;]*m)/;

/** As `clip`, of a line that may be coloured: what is cut off leaves its colours closed. */
export function clipPainted(text: string, columns: number, dot = '…'): string {
  if (width(text) <= columns) return text;
  let room = columns;
  let shown = '';
  for (const [index, part] of text.split(COLOUR).entries()) {
    const isColour = index % 2 === 1;
    const size = isColour ? 0 : width(part);
    const fits = isColour || size < room;
    if (fits) shown += part;
    else if (room > 0) shown += clip(part + dot, room, dot);
    room -= fits ? size : Math.max(room, 0);
  }
  return shown;
}

/** Exactly this wide: clipped or filled with spaces. */
export function cell(text: string, columns: number, align: 'left' | 'right' = 'left', dot = '…'): string {
  const shown = clip(text, columns, dot);
  const space = ' '.repeat(Math.max(0, columns - width(shown)));
  return align === 'left' ? shown + space : space + shown;
}

/** `left` and `right` at the ends of a line; colours may be in both. Without room for both only `left`. */
export function spread(left: string, right: string, columns: number): string {
  const gap = columns - width(left) - width(right);
  return gap < 1 ? left : left + ' '.repeat(gap) + right;
}

/** Lines of at most this many columns, broken between words, and inside of those that are longer. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const joined = lines[last] ? `${lines[last]} ${word}` : word;
    if (width(joined) <= columns) lines[last] = joined;
    else lines.push(...pieces(word, Math.max(1, columns)));
  }
  return lines[0] === '' && lines.length > 1 ? lines.slice(1) : lines;
}

/** Broken wherever there is no room, as a terminal does it. Of text without colours. */
export function pieces(word: string, columns: number): string[] {
  const lines = [''];
  for (const char of word) {
    const last = lines.length - 1;
    if (width(`${lines[last]}${char}`) <= columns) lines[last] += char;
    else lines.push(char);
  }
  return lines;
}
