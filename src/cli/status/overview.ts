import type { Checkpoint } from '../../model/checkpoint.ts';
import type { Pg2anyError } from '../../model/error.ts';
import type { SourceOverview } from '../../source/overview.ts';
import type { Status } from '../../status/status.ts';

/** What was found, or why it could not be looked at. */
export type Part<T> =
  | { readonly found: T; readonly error: null }
  | { readonly found: null; readonly error: Pg2anyError };

export interface DestinationOverview {
  readonly product: string;
  /** Null where nothing is remembered of the pipeline. */
  readonly checkpoint: Checkpoint | null;
}

export interface ProcessOverview {
  readonly pid: number;
  readonly status: Status;
}

/** A pipeline from all three sides, at a moment. */
export interface Overview {
  readonly at: number;
  readonly source: Part<SourceOverview>;
  readonly destination: Part<DestinationOverview>;
  /** Null where there is none. */
  readonly mirror: Part<DestinationOverview> | null;
  /** The process that works on it, on this machine, of this user. */
  readonly process: Part<ProcessOverview>;
  /** Why it cannot go on as it is, although both sides can be reached; null where it can. */
  readonly problem: Pg2anyError | null;
}
