import { count } from '../../tui/format.ts';
import { width } from '../../tui/width.ts';
import type { Io } from '../io.ts';
import { type Align, table } from '../table.ts';
import { type CopiedTable, checkpointTables } from './numbers.ts';
import type { Overview, ProcessOverview } from './overview.ts';

type Running = ProcessOverview['status']['tables'][number];

/** What is known of one table: by the checkpoint, by the process, or by both. */
interface Known {
  readonly name: string;
  readonly copied: CopiedTable | undefined;
  readonly running: Running | undefined;
}

interface Column {
  readonly title: string;
  readonly align: Align;
  /** Columns of a higher number go first where the terminal is narrow. */
  readonly priority: number;
  readonly cell: (known: Known) => string;
}

const figure = (title: string, priority: number, of: (running: Running) => number): Column => ({
  title,
  align: 'right',
  priority,
  cell: ({ running }) => (running ? count(of(running)) : ''),
});

function state({ running, copied }: Known): string {
  if (!running) return copied?.state ?? '';
  const { copiedRows, estimatedRows } = running;
  if (running.state !== 'copying' || !estimatedRows) return running.state;
  return `copying, ${Math.min(99, Math.floor((100 * copiedRows) / estimatedRows))} %`;
}

const ALWAYS: readonly Column[] = [
  { title: 'table', align: 'left', priority: 0, cell: ({ name }) => name },
  { title: 'state', align: 'left', priority: 0, cell: state },
  {
    title: 'copied',
    align: 'right',
    priority: 2,
    cell: ({ copied, running }) => count(Math.max(copied?.rows ?? 0, running?.copiedRows ?? 0)),
  },
];

/** Only a running process knows them. */
const LIVE: readonly Column[] = [
  figure('inserts', 3, (one) => one.inserts),
  figure('updates', 4, (one) => one.updates),
  figure('deletes', 5, (one) => one.deletes),
  figure('rows/s', 1, (one) => one.rowsPerSecond),
];

function knownTables({ destination, process }: Overview): Known[] {
  const checkpoint = destination.found?.checkpoint;
  const copied = new Map((checkpoint ? checkpointTables(checkpoint) : []).map((one) => [one.table, one]));
  const running = new Map(process.found?.status.tables.map((one) => [one.name, one]));
  const names = [...new Set([...copied.keys(), ...running.keys()])].sort();
  return names.map((name) => ({ name, copied: copied.get(name), running: running.get(name) }));
}

function drawn(columns: readonly Column[], tables: readonly Known[], io: Io): string {
  const rows = tables.map((known) => columns.map(({ cell }) => cell(known)));
  return table(
    columns.map(({ title }) => title),
    rows,
    io,
    columns.map(({ align }) => align),
  );
}

const widest = (text: string): number => Math.max(...text.split('\n').map(width));

/** The tables with as many columns as the terminal has room for, and how many tables there are. */
export function tableLines(overview: Overview, io: Io): { readonly lines: readonly string[]; readonly tables: number } {
  const tables = knownTables(overview);
  if (tables.length === 0) return { lines: [], tables: 0 };
  let columns = overview.process.found ? [...ALWAYS, ...LIVE] : ALWAYS;
  let text = drawn(columns, tables, io);
  while (widest(text) > io.width) {
    const lowest = Math.max(...columns.map(({ priority }) => priority));
    if (lowest === 0) break;
    columns = columns.filter(({ priority }) => priority < lowest);
    text = drawn(columns, tables, io);
  }
  return { lines: ['', ...text.split('\n')], tables: tables.length };
}
