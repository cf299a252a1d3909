import { expect, test } from 'vitest';
import { wrap } from '../../src/cli/help.ts';
import { COLOURS, colourLevel, styleFor, symbolsFor } from '../../src/tui/theme.ts';

test.each([
  [{}, true, 1],
  [{}, false, 0],
  [{ NO_COLOR: '1' }, true, 0],
  [{ NO_COLOR: '' }, true, 1],
  [{ TERM: 'dumb' }, true, 0],
  [{ FORCE_COLOR: '1' }, false, 1],
  [{ FORCE_COLOR: '0' }, true, 0],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, 1],
  [{ TERM: 'xterm-256color' }, true, 2],
  [{ TERM: 'xterm', COLORTERM: 'truecolor' }, true, 2],
  [{ TERM: 'xterm-256color', NO_COLOR: '1' }, true, 0],
  [{ TERM: 'xterm-256color' }, false, 0],
])('with %j and a terminal %j the colour level is %i', (environment, tty, level) => {
  expect(colourLevel(environment, tty)).toBe(level);
});

test.each([
  [{}, '✔'],
  [{ LANG: 'en_US.UTF-8' }, '✔'],
  [{ LANG: 'C' }, '+'],
  [{ LC_ALL: 'C.utf8', LANG: 'C' }, '✔'],
  [{ TERM: 'dumb' }, '+'],
])('with %j "fine" is %s', (environment, symbol) => {
  expect(symbolsFor(environment).ok).toBe(symbol);
});

test('wrapped lines hang under the text of their first one', () => {
  expect(wrap('  - one two three', 11)).toEqual(['  - one two', '    three']);
  expect(wrap('a-very-long-word b', 5)).toEqual(['a-very-long-word', 'b']);
});

/** Luminance by https://www.w3.org/TR/WCAG21/#dfn-relative-luminance. */
function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((byte) => {
    const share = byte / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const hex = (text: string): number[] => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));

/** The cube of 216 colours, then the greys, as xterm defines them. */
function fixed(number: number): number[] {
  if (number >= 232) return Array<number>(3).fill(8 + 10 * (number - 232));
  const levels = [0, 95, 135, 175, 215, 255];
  return [36, 6, 1].map((size) => levels[Math.floor((number - 16) / size) % 6] ?? 0);
}

const BACKGROUNDS = {
  light: ['#ffffff', '#fafafa', '#fdf6e3', '#fbf1c7'],
  dark: ['#000000', '#1e1e1e', '#002b36', '#300a24', '#282a36', '#282c34', '#282828', '#2e3440'],
};

test.each(Object.entries(COLOURS))('%s can be read on light backgrounds and on dark ones', (_, number) => {
  expect(number).toBeGreaterThanOrEqual(16);
  const worst = [...BACKGROUNDS.light, ...BACKGROUNDS.dark].map((background) => [
    background,
    contrast(fixed(number), hex(background)),
  ]);
  // WCAG asks 3 : 1 of what is large or no text; sentences are in the terminal's own colour.
  expect(worst.filter(([, ratio]) => Number(ratio) < 2.9)).toEqual([]);
});

test('colours never set a background, and end where they began', () => {
  const { symbols, ...paints } = styleFor({ TERM: 'xterm-256color' }, true);
  for (const paint of Object.values(paints)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    expect(paint('x')).toMatch(/^\x1b\[(1|38;5;\d+)mx\x1b\[(22|39)m$/);
  }
  expect(symbols.ok).toBe('✔');
});
