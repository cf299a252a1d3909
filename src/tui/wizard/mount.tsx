import { type Key, render, Transform, useInput } from 'ink';
import type { ReactNode } from 'react';
import type { Terminal } from '../screen.ts';
import { sizeOf } from '../size.ts';
import { clipPainted } from '../width.ts';
import { gatherRewrapped } from './rewrap.ts';

type OnInput = (input: string, key: Key) => void;

interface Props {
  readonly lines: readonly string[];
  readonly onInput: OnInput;
}

/**
 * Ink remembers every text that it has ever measured, as long as the process lives. So it measures blank lines, and the
 * text takes their place when they are drawn. Nothing is cut off by Ink either, which of a text of several lines can
 * lose all but one.
 */
function View({ lines, onInput }: Props): ReactNode {
  useInput(onInput);
  return <Transform transform={(_, at) => lines[at] ?? ''}>{Array(lines.length).fill(' ').join('\n')}</Transform>;
}

export interface Mounted {
  /** Lines of any length: what does not fit is cut off. */
  draw(lines: readonly string[]): void;
  /** Leaves the last frame where it is. */
  unmount(): void;
  /** Rejects where drawing fails. */
  readonly ended: Promise<unknown>;
}

interface Listener {
  readonly onInput: OnInput;
  /** The terminal has another size by now: time to draw. */
  readonly onResize: () => void;
}

/** Draws below what the terminal shows already. Keys and sizes are told from now on. */
export function mount(terminal: Terminal, first: readonly string[], { onInput, onResize }: Listener): Mounted {
  const { stdin, stdout, stderr, environment } = terminal;
  const fitting = (lines: readonly string[]) => lines.map((line) => clipPainted(line, sizeOf(stdout).columns));
  const element = (lines: readonly string[]) => <View lines={lines} onInput={onInput} />;
  let shown = fitting(first);
  // Before Ink looks, which draws again what it has: that has to fit by then.
  const resized = (): void => {
    stdout.write(gatherRewrapped(shown, sizeOf(stdout).columns, environment));
    onResize();
  };
  stdout.on('resize', resized);
  const app = render(element(shown), {
    stdin,
    stdout,
    stderr,
    maxFps: 30,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: false,
  });
  const draw = (lines: readonly string[]): void => {
    const next = fitting(lines);
    if (next.length === shown.length && next.every((line, at) => line === shown[at])) return;
    shown = next;
    app.rerender(element(shown));
  };
  const unmount = (): void => {
    stdout.off('resize', resized);
    app.unmount();
  };
  return { draw, unmount, ended: app.waitUntilExit() };
}
