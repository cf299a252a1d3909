import { Box, render, Text, useInput } from 'ink';
import type { ReactNode } from 'react';
import { keyNames } from '../keymap.ts';
import type { Terminal } from '../screen.ts';

export interface Press {
  readonly name: string;
  /** What was typed or pasted. */
  readonly text: string;
}

interface Props {
  readonly lines: readonly string[];
  readonly onInput: (presses: readonly Press[]) => void;
}

function View({ lines, onInput }: Props): ReactNode {
  useInput((input, key) => {
    const names = keyNames(input, key);
    const pasted = names.length > 1 && !(key.meta || key.escape);
    onInput(pasted ? [{ name: 'paste', text: input }] : names.map((name) => ({ name, text: textOf(name, input) })));
  });
  // One text each: of a text of several lines, Ink keeps only the first where any of them is too long.
  const numbered = lines.map((line, at) => ({ at, line: line || ' ' }));
  return (
    <Box flexDirection="column">
      {numbered.map(({ at, line }) => (
        <Text key={at} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}

const textOf = (name: string, input: string): string => (name === 'space' ? ' ' : name === input ? input : '');

export interface Mounted {
  draw(lines: readonly string[]): void;
  /** Leaves the last frame where it is. */
  unmount(): void;
  /** Rejects where drawing fails. */
  readonly ended: Promise<unknown>;
}

/** Draws below what the terminal shows already. Keys are told from now on. */
export function mount(
  { stdin, stdout, stderr }: Terminal,
  first: readonly string[],
  onInput: (presses: readonly Press[]) => void,
): Mounted {
  const element = (lines: readonly string[]) => <View lines={lines} onInput={onInput} />;
  const app = render(element(first), {
    stdin,
    stdout,
    stderr,
    maxFps: 30,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: false,
  });
  return { draw: (lines) => app.rerender(element(lines)), unmount: () => app.unmount(), ended: app.waitUntilExit() };
}
