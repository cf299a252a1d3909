import { afterEach, expect, test } from 'vitest';
import { isInteractive, type Screen, takeScreen } from '../../src/tui/screen.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';

let screen: Screen | null = null;
afterEach(() => screen?.leave());

test('the screen is taken and given back as it was, once', () => {
  const fake = new FakeTerminal();
  fake.terminal.stdout.write('before');
  screen = takeScreen(fake.terminal);
  expect([fake.screen.alternate, fake.screen.cursorShown, fake.text]).toEqual([true, false, '']);
  fake.terminal.stdin.setRawMode(true);
  screen.leave();
  screen.leave();
  expect([fake.screen.alternate, fake.screen.cursorShown, fake.rawMode]).toEqual([false, true, false]);
  expect(fake.text).toBe('before');
});

test.each(['exit', 'uncaughtExceptionMonitor'] as const)('the screen is given back on %s', (event) => {
  const fake = new FakeTerminal();
  screen = takeScreen(fake.terminal);
  const [last] = process.listeners(event as 'exit').slice(-1);
  last?.(0);
  expect(fake.screen.alternate).toBe(false);
});

test('what is written to stderr meanwhile appears after the screen was left', () => {
  const fake = new FakeTerminal();
  const { stderr } = new FakeTerminal().terminal;
  const other = { ...fake.terminal, stderr };
  const seen: unknown[] = [];
  stderr.write = ((chunk: string) => seen.push(chunk)) as unknown as typeof stderr.write;
  screen = takeScreen(other);
  stderr.write('a warning\n');
  expect(seen).toEqual([]);
  screen.leave();
  expect(seen).toEqual(['a warning\n']);
});

test('no listener is left behind', () => {
  const before = process.listenerCount('exit');
  takeScreen(new FakeTerminal().terminal).leave();
  expect(process.listenerCount('exit')).toBe(before);
});

test('after the screen was left nothing is drawn any more', () => {
  const fake = new FakeTerminal();
  screen = takeScreen(fake.terminal);
  screen.draw(['late']);
  expect(fake.text).toBe('late');
  screen.leave();
  screen.draw(['later']);
  expect(fake.text).toBe('');
});

test('without a person at both ends, in CI and on a dumb terminal there is no view', () => {
  const { terminal } = new FakeTerminal();
  expect(isInteractive(terminal)).toBe(true);
  expect(isInteractive({ ...terminal, environment: { CI: 'true' } })).toBe(false);
  expect(isInteractive({ ...terminal, environment: { TERM: 'dumb' } })).toBe(false);
  expect(isInteractive({ ...terminal, stdin: {} as NodeJS.ReadStream })).toBe(false);
});
