import type { PlannedColumn } from '../../model/destination.ts';
import type { LogEvent } from '../../model/event.ts';
import type { Status } from '../../status/status.ts';

/** What a live view is told. */
export interface Watcher {
  /** A few times a second, also while nothing happens. */
  status(status: Status): void;
  event(event: LogEvent): void;
  /** Nothing follows. The view gives the terminal back. */
  end(): void;
}

/** Where a live view has its figures from: the pipeline of this process, or one that is reached over a socket. */
export interface Feed {
  /** Tells the watcher from now on; what is returned ends that. */
  subscribe(watcher: Watcher): () => void;
  /** The user wants to leave. `end` follows when it is done: at once for a guest, after draining for the pipeline's own process. */
  stop(): void;
  /** What `stop` does, for the footer: `quit` ends the pipeline, `detach` leaves it running. */
  readonly leaving: 'quit' | 'detach';
  /** Absent where it cannot be done; the keys are not offered then. */
  pause?(): void;
  resume?(): void;
  /** Columns of a source table and what they become, asked for when its details are opened. */
  columns?(table: string): Promise<readonly PlannedColumn[]>;
}
