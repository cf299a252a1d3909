import type { PlannedColumn } from '../../model/destination.ts';
import type { LogEvent } from '../../model/event.ts';
import type { SlotStatus, Status } from '../../status/status.ts';
import type { Size } from '../size.ts';
import type { Feed } from './feed.ts';
import { type History, NO_HISTORY } from './history.ts';

export type Panel = 'tables' | 'events';
/** `main` shows both panels; the others take the place of them. */
export type Page = 'main' | 'table' | 'log' | 'help';
export const SORTS = ['rows/s', 'name', 'state', 'changes'] as const;
export type Sort = (typeof SORTS)[number];

/** What the source said last, and when: shown as old where it has stopped answering. */
export interface Seen {
  readonly at: number;
  readonly lagBytes: number | null;
  readonly retainedBytes: number | null;
  readonly slotStatus: SlotStatus | null;
}

/** Columns of a table: asked for, there, or why they are not. */
export type Columns =
  | { readonly state: 'asked' }
  | { readonly state: 'known'; readonly columns: readonly PlannedColumn[] }
  | { readonly state: 'failed'; readonly why: string };

/** Everything the view is made of; what is shown is a function of it. */
export interface LiveState {
  readonly now: number;
  readonly size: Size;
  /** `shop → mysql replica/shop`. */
  readonly title: string;
  readonly leaving: Feed['leaving'];
  readonly canPause: boolean;
  readonly status: Status | null;
  readonly seen: Seen | null;
  readonly history: History;
  /** The oldest first; no more than some hundreds. */
  readonly events: readonly LogEvent[];
  readonly warnings: number;
  readonly errors: number;
  readonly page: Page;
  /** Where the help was opened. */
  readonly under: Page;
  readonly focus: Panel;
  readonly selected: string | null;
  readonly sort: Sort;
  readonly reversed: boolean;
  readonly filter: string;
  /** Keys go into the filter. */
  readonly typing: boolean;
  /** Lines that the page is scrolled by: from the end in events and the log, from the start elsewhere. */
  readonly offset: number;
  readonly columns: ReadonlyMap<string, Columns>;
  /** The user wants to leave. */
  readonly stopping: boolean;
}

export type Given = Pick<LiveState, 'now' | 'size' | 'title' | 'leaving' | 'canPause'>;

export const initial = (given: Given): LiveState => ({
  ...given,
  status: null,
  seen: null,
  history: NO_HISTORY,
  events: [],
  warnings: 0,
  errors: 0,
  page: 'main',
  under: 'main',
  focus: 'tables',
  selected: null,
  sort: 'rows/s',
  reversed: false,
  filter: '',
  typing: false,
  offset: 0,
  columns: new Map(),
  stopping: false,
});
