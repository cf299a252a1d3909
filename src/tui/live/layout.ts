import type { Size } from '../size.ts';

/** Lines of each part of the main page, frames included; 0 where it is not shown. */
export interface Layout {
  readonly columns: number;
  readonly notice: number;
  readonly tables: number;
  readonly events: number;
  /** What a page has that takes the place of both panels. */
  readonly page: number;
}

/** Below this only the header is shown. */
export const NARROW = 60;
const HEADER = 3;
const FOOTER = 1;
/** Two borders and the names of the columns. */
const AROUND_TABLES = 3;
const AROUND_EVENTS = 2;
const LEAST = 4;

/** The panels share what header and footer leave; the last row of the terminal stays empty. */
export function layoutOf({ columns, rows }: Size, tables: number, notice: number): Layout {
  const body = rows - 1 - HEADER - FOOTER - notice;
  const page = columns < NARROW || body < LEAST ? 0 : body;
  if (page < 2 * LEAST) return { columns, notice, tables: page, events: 0, page };
  const wanted = Math.max(tables, 1) + AROUND_TABLES;
  const most = page - Math.max(LEAST, Math.min(AROUND_EVENTS + 8, Math.floor(page / 4)));
  const given = Math.min(wanted, most);
  return { columns, notice, tables: given, events: page - given, page };
}

/** Which of `count` lines to show where `room` is, so that the one at `index` is among them. */
export function windowAt(index: number, count: number, room: number): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.min(index - Math.floor(room / 2), count - room));
  return { from, to: Math.min(count, from + room) };
}
