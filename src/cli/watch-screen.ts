import type { Attached } from '../attach/attach.ts';
import type { Config, SourceConfig } from '../config/config.ts';
import type { PlannedColumn } from '../model/destination.ts';
import type { Feed, Watcher } from '../tui/live/feed.ts';
import { runLive } from '../tui/live/index.ts';
import { terminalOf } from './at-terminal.ts';
import type { Context } from './command.ts';
import { columnsOf, titleOf } from './live-view.ts';
import { summaryLines } from './summary.ts';
import type { Ending } from './watch-lines.ts';

/** A process that is attached to, as a feed. Leaving it leaves it running. */
class AttachedFeed implements Feed {
  readonly leaving = 'detach';
  readonly columns?: (table: string) => Promise<readonly PlannedColumn[]>;
  private readonly attached: Attached;
  private watcher: Watcher | null = null;
  left = false;

  constructor(attached: Attached, config: Config | null) {
    this.attached = attached;
    if (config) this.columns = columnsOf(config);
  }

  subscribe(watcher: Watcher): () => void {
    this.watcher = watcher;
    this.attached.subscribe(
      (status) => this.watcher?.status(status),
      (event) => this.watcher?.event(event),
    );
    void this.attached.ended.then((status) => {
      if (status) this.watcher?.status(status);
      this.watcher?.end();
    });
    return () => {
      this.watcher = null;
    };
  }

  stop(): void {
    this.left = true;
    this.attached.close();
  }

  pause(): void {
    this.ask('pause');
  }

  resume(): void {
    this.ask('resume');
  }

  private ask(request: 'pause' | 'resume'): void {
    this.attached.request(request).catch((error: Error) => {
      this.watcher?.event({ at: Date.now(), severity: 'warn', event: 'refused', message: error.message });
    });
  }
}

/** The live view of an attached process. Without its configuration columns cannot be asked for. */
export async function watchScreen(
  attached: Attached,
  config: SourceConfig | null,
  { environment, io }: Context,
  signal: AbortSignal,
): Promise<Ending> {
  const whole = config?.destination ? (config as Config) : null;
  const feed = new AttachedFeed(attached, whole);
  signal.addEventListener('abort', () => feed.stop(), { once: true });
  const title = whole ? titleOf(whole) : `slot ${attached.slot}, pid ${attached.pid}`;
  const summary = await runLive({ feed, terminal: terminalOf(environment), title });
  // Where the view itself ended first.
  attached.close();
  const ended = await attached.ended;
  if (feed.left) {
    io.err(`left; the pg2any with pid ${attached.pid} goes on`);
    return 'detached';
  }
  if (ended?.phase === 'stopped') for (const line of summaryLines(summary, io.style.err, io.width)) io.err(line);
  return ended;
}
