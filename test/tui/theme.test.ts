import { expect, test } from 'vitest';
import { wrap } from '../../src/cli/help.ts';
import { colourLevel, symbolsFor } from '../../src/tui/theme.ts';

test.each([
  [{}, true, 1],
  [{}, false, 0],
  [{ NO_COLOR: '1' }, true, 0],
  [{ NO_COLOR: '' }, true, 1],
  [{ TERM: 'dumb' }, true, 0],
  [{ FORCE_COLOR: '1' }, false, 1],
  [{ FORCE_COLOR: '0' }, true, 0],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, 1],
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
