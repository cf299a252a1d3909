import '../../support/hide-ci.ts';
import { test } from 'vitest';
import { clipPainted } from '../../../src/tui/width.ts';
import { type Mounted, mount } from '../../../src/tui/wizard/mount.tsx';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const ABOVE = ['$ ls', 'a.txt', 'b.txt', '$ pg2any'];
const FRAME = ['┌ first', `│ ${'long '.repeat(20)}`, '│', '', `│ ${'as wide '.repeat(9)}`, `└ last ${'x'.repeat(60)}`];
const INK_LOADS = { NO_COLOR: '1', LANG: 'C.UTF-8' };

const shownAt = (columns: number): string => FRAME.map((line) => clipPainted(line, columns).trimEnd()).join('\n');

/** Draws below what was there, again whenever the size changes. */
function opened(fake: FakeTerminal): Mounted {
  fake.screen.write(ABOVE.map((line) => `${line}\n`).join(''));
  const app: Mounted = mount(fake.terminal, FRAME, { onInput: () => undefined, onResize: () => app.draw(FRAME) });
  return app;
}

test.each([
  ['breaks its lines anew', {}],
  ['cuts them off', { XTERM_VERSION: 'XTerm(390)' }],
  ['breaks them anew although xterm is around it', { XTERM_VERSION: 'XTerm(390)', TMUX: '/tmp/tmux-0/default' }],
])('a terminal that %s leaves nothing of the frame before, and all that was above it', async (_, environment) => {
  const fake = new FakeTerminal(110, 30, { ...INK_LOADS, ...environment });
  const app = opened(fake);
  try {
    await fake.until('└ last');
    for (const [columns, rows] of [
      [60, 24],
      [40, 24],
      [100, 30],
      [38, 20],
      [37, 20],
    ] as const) {
      fake.resize(columns, rows);
      await fake.until((text) => text === [...ABOVE, shownAt(columns)].join('\n'));
    }
  } finally {
    app.unmount();
  }
});
