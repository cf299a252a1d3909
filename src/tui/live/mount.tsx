import { render } from 'ink';
import type { Screen, Terminal } from '../screen.ts';
import type { Style } from '../theme.ts';
import { App } from './app.tsx';
import type { LiveState } from './state.ts';

export interface Mounted {
  draw(state: LiveState): void;
  unmount(): void;
  /** Rejects where drawing fails. */
  readonly ended: Promise<unknown>;
}

/** Gives the screen to Ink. Keys are told from now on. */
export function mount(
  screen: Screen,
  { stdin, stderr }: Terminal,
  style: Style,
  first: LiveState,
  onKeys: (names: readonly string[]) => void,
): Mounted {
  const element = (state: LiveState) => <App state={state} style={style} onKeys={onKeys} />;
  screen.clear();
  const app = render(element(first), {
    stdout: screen.stdout,
    stdin,
    stderr,
    maxFps: 10,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: false,
  });
  return {
    draw: (state) => app.rerender(element(state)),
    unmount: () => app.unmount(),
    ended: app.waitUntilExit(),
  };
}
