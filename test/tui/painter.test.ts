import { expect, test } from 'vitest';
import { Painter } from '../../src/tui/painter.ts';
import { styleFor } from '../../src/tui/theme.ts';
import { width } from '../../src/tui/width.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';

const { error, focus } = styleFor({ FORCE_COLOR: '1' }, true);

/** A painter, and all that it writes. */
function painting(columns = 80, rows = 24) {
  const fake = new FakeTerminal(columns, rows);
  const { stdout } = fake.terminal;
  const painter = new Painter(stdout);
  const written: string[] = [];
  const write = stdout.write.bind(stdout) as (text: string) => boolean;
  stdout.write = ((text: string) => {
    written.push(text);
    return write(text);
  }) as typeof stdout.write;
  return { fake, painter, written };
}

test.each([60, 80, 200])(
  'at %i columns a line that is too long loses its end, and no other line anything',
  (columns) => {
    const { fake, painter } = painting(columns);
    const long = `${'x'.repeat(columns)}${error('y'.repeat(30))}end`;
    painter.draw(['first', long, '', focus('z'.repeat(columns)), 'last']);
    const rows = fake.text.split('\n');
    expect(rows).toEqual(['first', `${'x'.repeat(columns - 1)}…`, '', 'z'.repeat(columns), 'last']);
    expect(rows.filter((row) => width(row) > columns)).toEqual([]);
  },
);

test('only lines that changed are written, and nothing where none did', () => {
  const { fake, painter, written } = painting();
  painter.draw(['a', 'b', 'c', 'd']);
  painter.draw(['a', 'b', 'c', 'd']);
  expect(written).toHaveLength(1);
  painter.draw(['a', 'new', 'c', 'd']);
  expect(written.at(-1)).not.toMatch(/[acd](?!\w)/);
  expect(fake.text).toBe('a\nnew\nc\nd');
  painter.draw(['a', 'new']);
  expect(fake.text).toBe('a\nnew');
});

test('what the terminal made of a frame when its size changed is wiped out', () => {
  const { fake, painter } = painting(40, 10);
  painter.draw(['one', 'two']);
  fake.terminal.stdout.write('\x1b[5;3Hrubbish');
  painter.forget();
  painter.draw(['one', 'two']);
  expect(fake.text).toBe('one\ntwo');
});

test('a frame that is too high never scrolls the screen', () => {
  const { fake, painter } = painting(40, 3);
  painter.draw(['1', '2', '3', '4', '5']);
  expect(fake.text).toBe('1\n2\n3');
});

test('a terminal that does not read gets nothing more, and then the newest', () => {
  const { fake, painter, written } = painting();
  const { stdout } = fake.terminal;
  painter.draw(['1']);
  let waiting = 100;
  Object.defineProperty(stdout, 'writableLength', { get: () => waiting });
  painter.draw(['2']);
  painter.draw(['3']);
  expect([written.length, fake.text]).toEqual([1, '1']);
  waiting = 0;
  painter.draw(['4']);
  expect([written.length, fake.text]).toEqual([2, '4']);
});
