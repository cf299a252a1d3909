import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { type Binding, commandFor, footer, helpLines, keyName, keyNames } from '../../src/tui/keymap.ts';
import { ASCII, UNICODE } from '../../src/tui/symbols.ts';

const BINDINGS: readonly Binding<'up' | 'down' | 'sort' | 'help' | 'quit'>[] = [
  { command: 'up', keys: ['up', 'k'], short: 'select', doc: 'Select the line above' },
  { command: 'down', keys: ['down', 'j'], short: 'select', doc: 'Select the line below' },
  { command: 'sort', keys: ['s'], short: 'sort', doc: 'Sort by the next column' },
  { command: 'help', keys: ['?'], short: 'help', doc: 'Show this', keep: true },
  { command: 'quit', keys: ['q', 'ctrl-c'], short: 'quit', doc: 'End', keep: true },
];

test.each<[string, Partial<Key>, string]>([
  ['', { upArrow: true }, 'up'],
  ['', { return: true }, 'enter'],
  ['', { escape: true }, 'esc'],
  ['', { delete: true }, 'backspace'],
  ['', { tab: true }, 'tab'],
  ['', { tab: true, shift: true }, 'shift-tab'],
  ['c', { ctrl: true }, 'ctrl-c'],
  ['b', { meta: true }, 'alt-b'],
  [' ', {}, 'space'],
  ['K', { shift: true }, 'K'],
])('%j with %j is called %s', (input, key, name) => {
  expect(keyName(input, key as Key)).toBe(name);
});

test('keys that come in one read are told apart, and text that was pasted is no key', () => {
  expect(keyNames('jj\r\r', {} as Key)).toEqual(['j', 'j', 'enter', 'enter']);
  expect(keyNames('esc', {} as Key)).toEqual(['e', 's', 'c']);
  expect(keyNames('/', { meta: true } as Key)).toEqual(['esc', '/']);
  expect(keyNames('', { upArrow: true } as Key)).toEqual(['up']);
  expect(keyNames('c', { ctrl: true } as Key)).toEqual(['ctrl-c']);
});

test('every key of a binding gives its command, and no other key gives one', () => {
  expect(['up', 'k', 's', 'ctrl-c'].map((name) => commandFor(BINDINGS, name))).toEqual(['up', 'up', 'sort', 'quit']);
  expect(commandFor(BINDINGS, 'K')).toBeNull();
});

test('the footer joins neighbours and drops from the right what has no room, but never help and quit', () => {
  expect(footer(BINDINGS, 80, UNICODE)).toBe('↑↓ select  s sort  ? help  q quit');
  expect(footer(BINDINGS, 28, UNICODE)).toBe('↑↓ select  ? help  q quit');
  expect(footer(BINDINGS, 5, UNICODE)).toBe('? help  q quit');
});

test('the help shows every key', () => {
  expect(helpLines(BINDINGS, ASCII)[0]).toBe('^ k       Select the line above');
  expect(helpLines(BINDINGS, UNICODE).at(-1)).toBe('q ctrl-c  End');
});
