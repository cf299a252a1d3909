import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { exitCode } from '../../src/cli/status/numbers.ts';
import type { Overview } from '../../src/cli/status/overview.ts';
import { overviewText } from '../../src/cli/status/text.ts';
import { defineConfig } from '../../src/config/define.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn, parseLsn } from '../../src/model/lsn.ts';
import type { SlotFacts } from '../../src/source/slot.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import { styleFor } from '../../src/tui/theme.ts';

const config = defineConfig({
  source: { url: 'postgres://shop:s3cret@db.example:5432/shop' },
  destination: { url: 'mysql://replica:s3cret@mysql.example:3306/shop' },
});
/** Local noon, so that the clock shows the same everywhere. */
const AT = new Date(2026, 0, 1, 12).getTime();

const slot: SlotFacts = {
  plugin: 'pgoutput',
  slotType: 'logical',
  database: 'shop',
  active: true,
  temporary: false,
  confirmed: parseLsn('16/B374D848'),
  walStatus: 'reserved',
  invalidated: null,
  safeBytes: null,
};

const found = <T>(value: T) => ({ found: value, error: null });
const failed = (error: Pg2anyError) => ({ found: null, error });

const table = (name: string, state: 'copying' | 'copied', rows: number) =>
  ({ schema: 'public', name, oid: 1, state, snapshot: lsn(0n), rows, shape: null }) as const;

function status() {
  const counters = new Counters(AT - 8_054_000);
  counters.phase = 'streaming';
  Object.assign(counters, { flushed: 5n, walEnd: 1_200_005n, retainedBytes: 18_000_000, idle: false });
  counters.appliedCommitTime = AT - 400;
  Object.assign(counters.table('public.orders'), { state: 'streaming', inserts: 7900, updates: 210, deletes: 12 });
  const events = { state: 'copying', copiedRows: 2_100_000, estimatedRows: 3_100_000 };
  Object.assign(counters.table('public.events'), events);
  return sample(counters, null, AT);
}

const overview = (change: Partial<Overview> = {}): Overview => ({
  at: AT,
  source: found({
    systemId: '1',
    product: 'PostgreSQL 16.4',
    walEnd: parseLsn('16/B374D848') + 1_200_000n,
    slot,
    retainedBytes: 18_000_000,
  } as Overview['source']['found'] & object),
  destination: found({
    product: 'MySQL 8.4.0',
    checkpoint: {
      flushed: parseLsn('16/B374D848'),
      timeline: 1,
      tables: [table('orders', 'copied', 3_100_000), table('events', 'copying', 2_000_000)],
    },
  } as Overview['destination']['found'] & object),
  mirror: null,
  process: found({ pid: 4711, status: status() }),
  problem: null,
  ...change,
});

/** The same, with a mirror that is where it says. */
const mirrored = (mirror: NonNullable<Overview['mirror']>): string => {
  const beside = defineConfig({
    source: { url: 'postgres://shop:s3cret@db.example:5432/shop' },
    destination: { url: 'mysql://replica:s3cret@mysql.example:3306/shop' },
    kafka: { url: 'kafka://kafka.example:9092/shop' },
  });
  return shown(overview({ mirror }), 100, {}, beside);
};

const slotWith = (change: Partial<SlotFacts> | null): Partial<Overview> => {
  const source = overview().source.found;
  return source ? { source: found({ ...source, slot: change && { ...slot, ...change } }) } : {};
};

function shown(one: Overview, width = 100, environment = {}, of = config): string {
  const style = styleFor(environment, false);
  const nothing = (): void => undefined;
  const io: Io = {
    out: nothing,
    err: nothing,
    screen: nothing,
    progress: nothing,
    replacesLines: false,
    style: { out: style, err: style },
    width,
    interactive: false,
    protect: nothing,
  };
  return overviewText(of, one, io);
}

test('a pipeline at work', () => {
  expect(shown(overview())).toBe(`slot pg2any_shop  publication pg2any_shop  2 tables  12:00:00
✔ Source       PostgreSQL 16.4  postgres://shop@db.example:5432/shop
               slot in use
               WAL reserved, 18 MB retained, confirmed 16/B374D848
✔ Destination  MySQL 8.4.0  mysql://replica@mysql.example:3306/shop
               checkpoint 16/B374D848, 1.2 MB behind the source
✔ Process      pid 4711, up 2 h 14 min
               streaming  lag 0.4 s (1.2 MB)  0 rows/s  0 tx/s  8,122 changes  18 MB retained

table          state             copied  inserts  updates  deletes  rows/s
public.events  copying, 67 %  2,100,000        0        0        0       0
public.orders  streaming      3,100,000    7,900      210       12       0`);
});

test.each([
  [100, 'table          state            copied  inserts  updates  deletes  rows/s'],
  [70, 'table          state            copied  inserts  updates  rows/s'],
  [60, 'table          state            copied  inserts  rows/s'],
  [40, 'table          state           rows/s'],
])('at %i columns the table drops what matters least', (width, head) => {
  const lines = shown(overview(), width).split('\n');
  const at = lines.findIndex((line) => line.startsWith('table'));
  expect(lines[at]?.replaceAll(/ +/g, ' ')).toBe(head.replaceAll(/ +/g, ' '));
  for (const line of lines.slice(at)) expect(line.length).toBeLessThanOrEqual(width);
});

test('without UTF-8 nothing but ASCII is written', () => {
  expect(shown(overview(), 80, { LC_ALL: 'C' })).toMatch(/^[\x20-\x7e\n]*$/);
});

test.each<[string, Partial<Overview>, RegExp]>([
  ['a slot that nobody reads', slotWith({ active: false }), /▲ Source .*\n +slot not in use: its WAL stays/],
  [
    'one that will be lost soon',
    slotWith({ walStatus: 'unreserved', safeBytes: 0 }),
    /▲ Source .*\n.*\n +WAL unreserved.*lost after 0 B more/,
  ],
  ['one that is lost', slotWith({ active: false, walStatus: 'lost' }), /✘ Source .*\n.*\n +WAL lost/],
  [
    'one that was invalidated',
    slotWith({ invalidated: 'idle_timeout' }),
    /✘ Source .*\n.*\n.*invalidated: idle_timeout/,
  ],
  ['one that is gone', slotWith(null), /✘ Source .*\n +the slot is gone/],
])('%s is pointed out', (_, change, expected) => {
  expect(shown(overview(change))).toMatch(expected);
});

test('a process that a person holds is no longer fine', () => {
  const held = { pid: 4711, status: { ...status(), phase: 'paused' as const } };
  expect(shown(overview({ process: found(held) }))).toMatch(/^▲ Process .*\n +paused /m);
});

test('the last error of a process is shown with its time', () => {
  const lastError = { code: 'SOURCE_UNREACHABLE', message: 'connection lost', hint: '', at: AT };
  const retrying = { pid: 4711, status: { ...status(), phase: 'retrying' as const, lastError } };
  expect(shown(overview({ process: found(retrying) }))).toMatch(/^ +last error at 12:00:00: connection lost$/m);
});

test('without a process, a slot in use says that one runs elsewhere', () => {
  const none = failed(new Pg2anyError('NOT_ATTACHED', 'no pg2any here'));
  expect(shown(overview({ process: none }))).toMatch(
    /^● Process {6}no pg2any here\n +the slot is in use, so one runs/m,
  );
  expect(shown(overview({ process: none, ...slotWith({ active: false }) }))).toMatch(/^▲ Process {6}no pg2any here\n/m);
});

test('the exit code is that of the source before that of the destination, and of what prevents going on', () => {
  const source = failed(new Pg2anyError('SOURCE_UNREACHABLE', 'away'));
  const destination = failed(new Pg2anyError('DESTINATION_UNREACHABLE', 'away'));
  const process = failed(new Pg2anyError('NOT_ATTACHED', 'none'));
  const problem = new Pg2anyError('SLOT_MISSING', 'gone');
  const codes = [{}, { process }, { source, destination }, { destination }, { problem }];
  expect(codes.map((change) => exitCode(overview(change)))).toEqual([0, 0, 4, 5, 6]);
});

test('what cannot be reached says why and what to do, the rest is shown', () => {
  const text = shown(overview({ source: failed(new Pg2anyError('SOURCE_UNREACHABLE', 'no answer from db.example')) }));
  expect(text).toContain(
    '✘ Source       postgres://shop@db.example:5432/shop\n               no answer from db.example',
  );
  expect(text).toContain('Check host, port and network');
  expect(text).toMatch(/✔ Destination .*\n +checkpoint 16\/B374D848$/m);
});

test('a mirror says how far it is, and what is wrong with it alone', () => {
  const tables = [table('orders', 'copied', 3_100_000), table('events', 'copying', 2_000_000)];
  const flushed = parseLsn('16/B374D000');
  const there = mirrored(found({ product: 'Kafka (3 brokers)', checkpoint: { flushed, timeline: 1, tables } }));
  expect(there).toContain(`✔ Destination  MySQL 8.4.0  mysql://replica@mysql.example:3306/shop
               checkpoint 16/B374D848, 1.2 MB behind the source
✔ Mirror       Kafka (3 brokers)  kafka://kafka.example:9092/shop
               checkpoint 16/B374D000, 1.2 MB behind the source, 1 table copied`);
  const down = failed(new Pg2anyError('DESTINATION_UNREACHABLE', 'Kafka, connecting: refused'));
  expect(mirrored(down)).toContain(`✔ Destination  MySQL 8.4.0  mysql://replica@mysql.example:3306/shop
               checkpoint 16/B374D848, 1.2 MB behind the source
✘ Mirror       kafka://kafka.example:9092/shop
               Kafka, connecting: refused`);
  expect(exitCode(overview({ mirror: down }))).toBe(5);
});
