import type { Applied } from '../status/distribution.ts';
import type { Status } from '../status/status.ts';

/** What the process can show of itself at any moment. */
export interface View {
  /** Null before the pipeline runs. */
  readonly look: (() => Status) | null;
  readonly applied: Applied | null;
  /** Events so far, by name and severity. */
  readonly events: readonly { readonly event: string; readonly severity: string; readonly count: number }[];
  readonly build: Build;
  /** Of the pipeline that runs or will. */
  readonly slot: string;
  readonly readyLagMs: number;
}

export interface Build {
  readonly name: string;
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** ISO 8601. */
  readonly startedAt: string;
}
