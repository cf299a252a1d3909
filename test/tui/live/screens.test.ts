import { afterEach, expect, test } from 'vitest';
import { type Action, reduce } from '../../../src/tui/live/reducer.ts';
import type { LiveState } from '../../../src/tui/live/state.ts';
import { liveLines } from '../../../src/tui/live/view.ts';
import { takeScreen } from '../../../src/tui/screen.ts';
import { styleFor } from '../../../src/tui/theme.ts';
import { width } from '../../../src/tui/width.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';
import { event, FAILURE, START, shop, stateOf, statusAt, table } from './fixture.ts';

const leave: (() => void)[] = [];
afterEach(() => {
  for (const one of leave.splice(0)) one();
});

const EVENTS: readonly Action[] = [
  event(1000, 'ok', 'PostgreSQL 18.4 → MySQL 8.4.3 by LOAD DATA'),
  event(21_000, 'warn', 'the destination was lost (ECONNRESET); retry in 2.0 s'),
  event(23_000, 'ok', 'destination is back, nothing is repeated'),
].map((one) => ({ type: 'event', event: one }));

/** The shop after half a minute. */
function running(columns: number, rows: number, ...more: readonly Action[]): LiveState {
  const statuses = Array.from({ length: 121 }, (_, index): Action => {
    const status = statusAt(index * 250, { tables: shop(index * 250), startedAt: START - 8_017_000 });
    return { type: 'status', status };
  });
  return [...statuses, ...EVENTS, ...more].reduce(reduce, stateOf({ size: { columns, rows } }));
}

/** What the terminal shows of this state. */
async function shown(state: LiveState, environment: Record<string, string> = { NO_COLOR: '1' }): Promise<string> {
  const { columns, rows } = state.size;
  const fake = new FakeTerminal(columns, rows, environment);
  const screen = takeScreen(fake.terminal);
  leave.push(() => screen.leave());
  screen.draw(liveLines(state, styleFor(environment, true)));
  return `\n${await fake.until(/pg2any/)}\n`;
}

test('60 by 20: the name, the state and the rate of each table', async () => {
  expect(await shown(running(60, 20))).toMatchInlineSnapshot(`
    "
     pg2any   shop → mysql replica/shop             ● streaming
     lag 0.4 s · 1.2 MB  18 MB retained   ▲ 1 warning  errors 0
     rows 49,540/s   ███████   tx 310/s          apply p95 8 ms
    ┌ Tables 5 ────────────────────────────────── sort rows/s ─┐
    │   table                   state                   rows/s │
    │ ❯ public.legacy           ✘ no mapping for type… · enter │
    │   public.events           ██████░░░░░░░░░░ 39 %   41,000 │
    │   public.orders           streaming                7,900 │
    │   public.customers        streaming                  640 │
    │   audit.log               waiting for its copy         0 │
    └──────────────────────────────────────────────────────────┘
    ┌ Events ──────────────────────────────────────────────────┐
    │ 12:00:01  ✔ PostgreSQL 18.4 → MySQL 8.4.3 by LOAD DATA   │
    │ 12:00:21  ▲ the destination was lost (ECONNRESET); retr… │
    │ 12:00:23  ✔ destination is back, nothing is repeated     │
    │                                                          │
    │                                                          │
    └──────────────────────────────────────────────────────────┘
     ↑↓ select  enter details  / filter  s sort  ? help  q quit
    "
  `);
});

test('80 by 24: counters as well', async () => {
  expect(await shown(running(80, 24))).toMatchInlineSnapshot(`
    "
     pg2any   shop → mysql replica/shop                   ● streaming   up 02:14:07
     lag 0.4 s · 1.2 MB  slot pg2any_shop ok  18 MB retained  ▲ 1 warning  errors 0
     rows 49,540/s   █████████   tx 310/s   batch 412 rows           apply p95 8 ms
    ┌ Tables 5 ────────────────────────────────────────────────────── sort rows/s ─┐
    │   table                   state                  rows/s    ins    upd    del │
    │ ❯ public.legacy           ✘ no mapping for type "money" of column p… · enter │
    │   public.events           █████░░░░░░░░░░ 39 %   41,000   1.2M of 3.1M 00:45 │
    │   public.orders           streaming               7,900   237k    210     12 │
    │   public.customers        streaming                 640     11    19k      0 │
    │   audit.log               waiting for its copy        0      0      0      0 │
    └──────────────────────────────────────────────────────────────────────────────┘
    ┌ Events ──────────────────────────────────────────────────────────────────────┐
    │ 12:00:01  ✔ PostgreSQL 18.4 → MySQL 8.4.3 by LOAD DATA                       │
    │ 12:00:21  ▲ the destination was lost (ECONNRESET); retry in 2.0 s            │
    │ 12:00:23  ✔ destination is back, nothing is repeated                         │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    └──────────────────────────────────────────────────────────────────────────────┘
     ↑↓ select  enter details  / filter  s sort  p pause  l log  ? help  q quit
    "
  `);
});

test('120 by 24: what was copied, and percentiles', async () => {
  expect(await shown(running(120, 24))).toMatchInlineSnapshot(`
    "
     pg2any   shop → mysql replica/shop                                                           ● streaming   up 02:14:07
     lag 0.4 s · 1.2 MB   slot pg2any_shop ok   18 MB retained                                       ▲ 1 warning   errors 0
     rows 49,540/s   ██████████████   tx 310/s   ██████████████   batch 412 rows      apply p50 4 ms · p95 8 ms · p99 21 ms
    ┌ Tables 5 ────────────────────────────────────────────────────────────────────────────────────────────── sort rows/s ─┐
    │   table                                          state                           rows/s  copied    ins    upd    del │
    │ ❯ public.legacy                                  ✘ no mapping for type "money" of column price · enter               │
    │   public.events                                  ███████░░░░░░░░░░░░░ 39 %       41,000           1.2M of 3.1M 00:45 │
    │   public.orders                                  streaming                        7,900       0   237k    210     12 │
    │   public.customers                               streaming                          640       0     11    19k      0 │
    │   audit.log                                      waiting for its copy                 0       0      0      0      0 │
    └──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
    ┌ Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
    │ 12:00:01  ✔ PostgreSQL 18.4 → MySQL 8.4.3 by LOAD DATA                                                               │
    │ 12:00:21  ▲ the destination was lost (ECONNRESET); retry in 2.0 s                                                    │
    │ 12:00:23  ✔ destination is back, nothing is repeated                                                                 │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    └──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
     ↑↓ select  enter details  / filter  s sort  p pause  l log  tab panel  ? help  q quit
    "
  `);
});

test('under 60 columns there is only the header', async () => {
  expect(await shown(running(50, 12))).toMatchInlineSnapshot(`
    "
     pg2any   shop → mysql replic…        ● streaming
     lag 0.4 s · 1.2 MB        ▲ 1 warning   errors 0
     rows 49,540/s  ██████  tx 310/s   apply p95 8 ms
     ↑↓ select  enter details  ? help  q quit
    "
  `);
});

test('in plain letters where the terminal has no others', async () => {
  expect(await shown(running(80, 20), { LANG: 'C' })).toMatchInlineSnapshot(`
    "
     pg2any   shop -> mysql replica/shop                  * streaming   up 02:14:07
     lag 0.4 s - 1.2 MB  slot pg2any_shop ok  18 MB retained  ! 1 warning  errors 0
     rows 49,540/s   #########   tx 310/s   batch 412 rows           apply p95 8 ms
    + Tables 5 ------------------------------------------------------ sort rows/s -+
    |   table                   state                  rows/s    ins    upd    del |
    | > public.legacy           x no mapping for type "money" of column... - enter |
    |   public.events           #####.......... 39 %   41,000   1.2M of 3.1M 00:45 |
    |   public.orders           streaming               7,900   237k    210     12 |
    |   public.customers        streaming                 640     11    19k      0 |
    |   audit.log               waiting for its copy        0      0      0      0 |
    +------------------------------------------------------------------------------+
    + Events ----------------------------------------------------------------------+
    | 12:00:01  + PostgreSQL 18.4 -> MySQL 8.4.3 by LOAD DATA                      |
    | 12:00:21  ! the destination was lost (ECONNRESET); retry in 2.0 s            |
    | 12:00:23  + destination is back, nothing is repeated                         |
    |                                                                              |
    |                                                                              |
    +------------------------------------------------------------------------------+
     ^v select  enter details  / filter  s sort  p pause  l log  ? help  q quit
    "
  `);
});

const command = (name: 'open' | 'log' | 'help' | 'filter'): Action => ({ type: 'command', command: name });
const COLUMNS: Action = {
  type: 'columns',
  table: 'public.legacy',
  columns: {
    state: 'known',
    columns: [
      { column: 'id', sourceType: 'bigint', destinationType: 'BIGINT', key: true, note: null, lossy: null },
      {
        column: 'note',
        sourceType: 'text',
        destinationType: 'LONGTEXT',
        key: false,
        note: 'a long note '.repeat(9),
        lossy: null,
      },
      { column: 'price', sourceType: 'money', destinationType: 'TEXT', key: false, note: null, lossy: 'its currency' },
    ],
  },
};

test('the details of a table: figures, last error with its remedy, columns', async () => {
  expect(await shown(running(80, 24, command('open'), COLUMNS))).toMatchInlineSnapshot(`
    "
     pg2any   shop → mysql replica/shop                   ● streaming   up 02:14:07
     lag 0.4 s · 1.2 MB  slot pg2any_shop ok  18 MB retained  ▲ 1 warning  errors 0
     rows 49,540/s   █████████   tx 310/s   batch 412 rows           apply p95 8 ms
    ┌ public.legacy ───────────────────────────────────────────────────── failing ─┐
    │ rows/s    0  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁                                  │
    │ copied    0 rows · 0 B                                                       │
    │ inserts   0                                                                  │
    │ updates   0                                                                  │
    │ deletes   0                                                                  │
    │                                                                              │
    │ Last error                                                                   │
    │   ✘ 12:00:00 public.legacy: no mapping for type "money" of column price      │
    │   Does not start.                                                            │
    │   Leave the column out with a column list of the publication.                │
    │                                                                              │
    │ Columns                                                                      │
    │   id     bigint  → BIGINT key                                                │
    │   note   text    → LONGTEXT                                                  │
    │     · a long note a long note a long note a long note a long note a long     │
    │     note a long note a long note a long note                                 │
    │   price  money   → TEXT                                                      │
    └───────────────────────────────────────────────────────────────── 1-17 of 18 ─┘
     ↑↓ scroll  esc back  p pause  ? help  q quit
    "
  `);
});

test('what was done to a table, and which values it lost', async () => {
  const lastChange = { at: START, sql: 'ALTER TABLE `t` ADD COLUMN `note` LONGTEXT' };
  const lost = [{ table: 'public.t', column: 'n', class: 'NUMERIC_OVERFLOW', policy: 'clamp', count: 3 }];
  const status = statusAt(0, { tables: [table('public.t', { lastChange })], lost });
  const state = [{ type: 'status', status } as const, command('open')].reduce(reduce, stateOf());
  const text = await shown(state);
  expect(text).toContain('12:00:00 ALTER TABLE `t` ADD COLUMN `note` LONGTEXT');
  expect(text).toContain('n: 3 values of class NUMERIC_OVERFLOW → clamp');
});

test('the log breaks long messages between words', async () => {
  const long = { type: 'event', event: event(25_000, 'error', `${'a long story '.repeat(12)}with an end`) } as const;
  const text = await shown(running(60, 20, long, command('log')));
  expect(text).toMatch(/✘ a long story .*\n(│ {13}\S.*\n)+│ {13}a long story .*with an end/);
});

test('the filter is shown while it is typed', async () => {
  const text = await shown(running(80, 24, command('filter'), { type: 'text', text: 'ord' }));
  expect(text).toContain('┌ Tables 1 of 5 /ord ─');
  expect(text).toContain(' /ord_   enter keep the filter  esc show all');
});

const SIZES = [
  [60, 20],
  [61, 9],
  [64, 16],
  [79, 24],
  [80, 24],
  [100, 30],
  [123, 40],
  [200, 60],
  [59, 20],
  [20, 5],
] as const;
const FAILED = table('public.名前_with_a_very_long_name_that_has_no_room', {
  lastError: { ...FAILURE, message: 'x\x1b[2Jy '.repeat(99) },
});

test.each(SIZES)('%i by %i: every line fits, frames close, and the last row stays empty', async (columns, rows) => {
  const tables = [...shop(30_000), FAILED, ...Array.from({ length: 40 }, (_, index) => table(`many.t${index}`))];
  const many: Action = { type: 'status', status: statusAt(30_250, { tables, phase: 'retrying', lastError: FAILURE }) };
  const pages = [[], [command('open'), COLUMNS], [command('log')], [command('help')], [command('filter')]];
  for (const page of pages) {
    const lines = (await shown(running(columns, rows, many, ...page))).slice(1, -1).split('\n');
    expect(lines.length).toBeLessThan(rows);
    expect(lines.filter((line) => width(line) > columns)).toEqual([]);
    const framed = lines.filter((line) => /^[┌│└]/.test(line));
    expect(framed.filter((line) => width(line) !== columns || !/[┐│┘]$/.test(line))).toEqual([]);
    expect(framed.length > 0).toBe(columns >= 60 && rows >= 9 + 2);
  }
});

test('meaning is never told by colour alone, and colours follow the environment', async () => {
  const plain = await shown(running(80, 24));
  for (const sign of ['●', '▲', '✘', '✔', '❯']) expect(plain).toContain(sign);
});
