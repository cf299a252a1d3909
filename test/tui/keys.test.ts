import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { keysIn, readKeys } from '../../src/tui/keys.ts';

test.each([
  ['\x1b[A\x1bOB', ['up', 'down']],
  ['\x1b[1;5C\x1b[D', ['right', 'left']],
  ['\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH', ['home', 'end', 'home', 'end', 'home']],
  ['\x1b[5~\x1b[6~', ['pageup', 'pagedown']],
  ['\t\x1b[Z', ['tab', 'shift-tab']],
  ['\r\n', ['enter', 'enter']],
  ['\x7f\b\x1b[3~', ['backspace', 'backspace', 'backspace']],
  ['\x03\x15', ['ctrl-c', 'ctrl-u']],
  ['jj g/ü表', ['j', 'j', 'space', 'g', '/', 'ü', '表']],
  ['\x1b', ['esc']],
  ['\x1bq', ['esc', 'q']],
  ['\x1b\x1b[A', ['esc', 'up']],
])('%j is %j', (text, names) => {
  expect(keysIn(text)).toEqual(names);
});

test('what a terminal tells of itself is no key', () => {
  expect(keysIn('\x1b[I\x1b[O\x1b[<0;10;10M')).toEqual([]);
  expect(keysIn('\x1b[200~a\x1b[201~')).toEqual(['a']);
  expect(keysIn('\x1b[15~')).toEqual([]);
});

/** What is read of these chunks, each by itself. */
function reading() {
  const stdin = new PassThrough();
  const names: string[] = [];
  let told = (): void => undefined;
  const stop = readKeys(stdin as unknown as NodeJS.ReadStream, (more) => {
    names.push(...more);
    told();
  });
  const until = (count: number): Promise<readonly string[]> =>
    new Promise((resolve) => {
      told = () => names.length >= count && resolve(names);
      told();
    });
  return { stdin, stop, until };
}

test('a key whose parts come one by one is one key', async () => {
  const { stdin, stop, until } = reading();
  for (const part of ['j\x1b', '[', '6', '~k']) {
    stdin.write(part);
    await new Promise(setImmediate);
  }
  expect(await until(3)).toEqual(['j', 'pagedown', 'k']);
  stop();
});

test('Esc is heard without a key after it', async () => {
  const { stdin, stop, until } = reading();
  stdin.write('\x1b');
  expect(await until(1)).toEqual(['esc']);
  stop();
});

test('a terminal that fails and keys after the end disturb nobody', async () => {
  const { stdin, stop, until } = reading();
  stdin.write('a');
  await until(1);
  stdin.emit('error', new Error('EIO'));
  stop();
  expect([stdin.listenerCount('data'), stdin.listenerCount('error')]).toEqual([0, 0]);
});
