import '../../support/hide-ci.ts';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { styleFor } from '../../../src/tui/theme.ts';
import { width } from '../../../src/tui/width.ts';
import { type Mounted, mount } from '../../../src/tui/wizard/mount.tsx';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const mounted: Mounted[] = [];
afterEach(() => {
  for (const one of mounted.splice(0)) one.unmount();
});

function shown(fake: FakeTerminal, lines: readonly string[]): Mounted {
  const app = mount(fake.terminal, lines, { onInput: () => undefined, onResize: () => undefined });
  mounted.push(app);
  return app;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('a view that is left open keeps nothing of the frames before', () => {
  const app = shown(new FakeTerminal(200, 30), ['first']);
  const frame = (number: number): string[] => Array.from({ length: 29 }, (_, at) => `${number}·${at} `.repeat(20));
  const draw = (from: number, to: number): void => {
    for (let number = from; number < to; number++) app.draw(frame(number));
    collect();
  };
  draw(0, 100);
  const before = process.memoryUsage().heapUsed;
  draw(100, 1100);
  const allOfThem = 1000 * 2 * frame(1).join('').length;
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(allOfThem / 4);
});

const { error, focus } = styleFor({ FORCE_COLOR: '1' }, true);

test.each([40, 80, 160])(
  'at %i columns a line that is too long loses its end, and no other line anything',
  async (columns) => {
    const long = `${'x'.repeat(columns)}${error('y'.repeat(30))}end`;
    const lines = ['first', long, '', `表${long}`, focus('z'.repeat(columns)), 'last'];
    const fake = new FakeTerminal(columns, 24);
    const app = shown(fake, lines);
    const text = await fake.until(/last$/);
    const rows = text.split('\n');
    expect(rows).toHaveLength(lines.length);
    expect(rows.map((row) => row[0] ?? '')).toEqual(['f', 'x', '', '表', 'z', 'l']);
    expect(rows.filter((row) => width(row) > columns)).toEqual([]);
    expect(rows[1]).toMatch(/^x+…$/);
    app.draw(lines.toSpliced(1, 1, 'short'));
    expect((await fake.gone('x…\n\n')).split('\n').slice(0, 3)).toEqual(['first', 'short', '']);
  },
);
