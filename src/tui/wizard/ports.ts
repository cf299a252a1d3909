import type { TablePlan } from '../../model/destination.ts';
import type { Finding } from '../../model/finding.ts';
import type { Answers } from '../../setup/answers.ts';
import type { Draft } from '../../setup/draft.ts';

export interface Reached {
  /** Product and version, for people. */
  readonly product: string;
  /** Until it had answered. */
  readonly roundTripMs: number;
}

/** A table that could be replicated. */
export interface TableInfo {
  /** As the configuration names it. */
  readonly name: string;
  readonly estimatedRows: number | null;
  readonly bytes: number;
  /** Columns by which rows are found again; empty without a key. */
  readonly key: readonly string[];
  /** Why UPDATE and DELETE would fail once it is published; null when they work. */
  readonly problem: string | null;
}

/** What is at the source by now, under any name. */
export interface Names {
  readonly publications: ReadonlyMap<string, number | null>;
  readonly slots: ReadonlyMap<string, SlotInfo>;
}

export interface SlotInfo {
  readonly active: boolean;
  /** Why it cannot be adopted; null when it can. */
  readonly problem: string | null;
}

/** Rows as they would be stored, or sent. */
export interface Sample {
  readonly table: string;
  /** What they become, where that is no table. */
  readonly kind?: 'topic';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Everything that confirming the review leads to. */
export interface Review {
  readonly source: readonly string[];
  readonly destination: readonly string[];
  /** What is written into the configuration file. */
  readonly yaml: string;
  /** The same without questions. */
  readonly command: readonly string[];
  /** Files that would be replaced. */
  readonly replaces: readonly string[];
}

export interface Written {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/** Statements that the user has read and confirmed. */
export interface Fixing {
  readonly side: 'source' | 'destination';
  readonly sql: readonly string[];
}

/** What the wizard can be told, by question. */
export interface Replies {
  readonly source: Reached;
  readonly destination: Reached;
  readonly mirror: Reached;
  readonly tables: readonly TableInfo[];
  readonly names: Names;
  readonly preflight: readonly Finding[];
  readonly fix: null;
  readonly plan: readonly TablePlan[];
  readonly sample: Sample;
  readonly review: Review;
  readonly written: Written;
}

export type Question = keyof Replies;

/** A rejection is an error with what to do about it as `hint`. Only `fix` and `written` change anything. */
export type Ask = {
  readonly [Q in Question]: (answers: Answers, argument: string) => Promise<Replies[Q]>;
};

/** The world, as the wizard sees it. */
export interface Ports {
  readonly ask: Ask;
  /** Keeps what was answered for the next time. */
  readonly keep: (draft: Draft) => void;
  /** Hides secrets in text that came from a server. */
  readonly hide: (answers: Answers, text: string) => string;
}
