import { commandFor } from '../keymap.ts';
import { readKeys } from '../keys.ts';
import { type Terminal, takeScreen } from '../screen.ts';
import { sizeOf } from '../size.ts';
import { styleFor } from '../theme.ts';
import { selectedTable } from './choice.ts';
import type { Feed } from './feed.ts';
import { type Command, keysOf } from './keys.ts';
import { type Action, reduce } from './reducer.ts';
import { initial, type LiveState } from './state.ts';
import { liveLines } from './view.ts';

export interface LiveOptions {
  readonly feed: Feed;
  readonly terminal: Terminal;
  /** What goes where, for the first line: `shop → mysql replica/shop`. */
  readonly title: string;
  /** Ctrl-C, which a view keeps from becoming a signal: sends this process SIGINT unless told. */
  readonly interrupt?: () => void;
}

/** What there is to say once the screen is gone. */
export interface Summary extends Pick<LiveState, 'status' | 'warnings' | 'errors'> {
  /** Events of the last while, the oldest first. */
  readonly events: LiveState['events'];
}

const FRAME_MS = 500;

class Live {
  private state: LiveState;
  private readonly options: LiveOptions;
  private readonly paint: (state: LiveState) => void;
  private fail: (error: unknown) => void = () => undefined;
  /** Rejects where drawing fails. */
  readonly failed: Promise<never>;

  constructor(options: LiveOptions, paint: (state: LiveState) => void) {
    const { feed, terminal, title } = options;
    const size = sizeOf(terminal.stdout);
    const canPause = feed.pause !== undefined && feed.resume !== undefined;
    this.state = initial({ now: Date.now(), size, title, leaving: feed.leaving, canPause });
    this.options = options;
    this.paint = paint;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  get now(): LiveState {
    return this.state;
  }

  /** Shown with the next frame. */
  take(action: Action): void {
    this.state = reduce(this.state, action);
  }

  show(action: Action): void {
    this.take(action);
    this.draw();
  }

  /** What goes wrong here must not reach the pipeline that tells us. */
  draw(): void {
    try {
      this.paint(this.state);
    } catch (error) {
      this.fail(error);
    }
  }

  keys(names: readonly string[]): void {
    for (const name of names) this.press(name);
    this.draw();
  }

  private press(name: string): void {
    const command = commandFor(keysOf(this.state), name);
    if (command) this.perform(command);
    else if (this.state.typing) this.type(name);
  }

  private type(name: string): void {
    if (name === 'backspace') this.take({ type: 'erase' });
    else if (name === 'space') this.take({ type: 'text', text: ' ' });
    else if (!/^(ctrl|alt|shift)-|^(up|down|left|right|home|end|tab|page(up|down))$/.test(name))
      this.take({ type: 'text', text: name });
  }

  private perform(command: Command): void {
    const { feed, interrupt = () => process.kill(process.pid, 'SIGINT') } = this.options;
    const paused = this.state.status?.phase === 'paused';
    this.take({ type: 'command', command });
    if (command === 'quit') feed.stop();
    if (command === 'interrupt') interrupt();
    if (command === 'pause') paused ? feed.resume?.() : feed.pause?.();
    if (command === 'open' && this.state.page === 'table') this.askColumns();
  }

  private askColumns(): void {
    const table = selectedTable(this.state)?.name;
    const { feed } = this.options;
    if (!feed.columns || table === undefined || this.state.columns.get(table)?.state === 'known') return;
    this.take({ type: 'columns', table, columns: { state: 'asked' } });
    feed.columns(table).then(
      (columns) => this.show({ type: 'columns', table, columns: { state: 'known', columns } }),
      (error: Error) => this.show({ type: 'columns', table, columns: { state: 'failed', why: error.message } }),
    );
  }
}

/** Takes the terminal until the feed ends, whatever the reason; what is left to say is the caller's to print. */
export async function runLive(options: LiveOptions): Promise<Summary> {
  const { feed, terminal } = options;
  const { stdin, stdout, environment } = terminal;
  const style = styleFor(environment, true);
  const screen = takeScreen(terminal);
  const live = new Live(options, (state) => screen.draw(liveLines(state, style)));
  live.draw();
  const unread = readKeys(stdin, (names) => live.keys(names));
  const resized = (): void => {
    screen.forget();
    live.show({ type: 'size', size: sizeOf(stdout) });
  };
  stdout.on('resize', resized);
  const frames = setInterval(() => live.show({ type: 'tick', now: Date.now() }), FRAME_MS);
  try {
    await Promise.race([watched(feed, live), live.failed]);
  } finally {
    clearInterval(frames);
    stdout.off('resize', resized);
    unread();
    screen.leave();
  }
  const { status, events, warnings, errors } = live.now;
  return { status, events, warnings, errors };
}

/** Until the feed ends. What goes wrong here must not reach the pipeline that tells us. */
async function watched(feed: Feed, live: Live): Promise<void> {
  let unsubscribe = (): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    const take = (action: Action): void => {
      try {
        live.take(action);
      } catch (error) {
        reject(error);
      }
    };
    unsubscribe = feed.subscribe({
      status: (status) => take({ type: 'status', status }),
      event: (event) => take({ type: 'event', event }),
      end: resolve,
    });
  });
  await ended.finally(unsubscribe);
}
