import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Picture } from '../../src/serve/metrics/metric.ts';
import { Exposition } from '../../src/serve/metrics/registry.ts';
import { METRICS } from '../../src/serve/metrics/table.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';

const BUILD = { name: 'pg2any', version: '1.2.3', node: 'v20.0.0', platform: 'linux-x64', startedAt: '' };

/** A pipeline in which everything that is counted has happened. */
function busy(): Counters {
  const counters = new Counters(0);
  Object.assign(counters, {
    phase: 'streaming',
    received: 300n,
    flushed: 200n,
    confirmed: 100n,
    walEnd: 400n,
    retainedBytes: 77,
    seenAt: 5000,
    appliedCommitTime: 6000,
    slotStatus: { active: true, walStatus: 'reserved', safeBytes: 1000 },
    queueBytes: 12,
    pausedMs: 1500,
    truncates: 1,
    members: () => [
      { name: 'destination', product: 'MySQL 9', flushed: 250n, failure: null },
      { name: 'mirror', product: 'Kafka', flushed: 200n, failure: 'it is gone' },
    ],
  });
  Object.assign(counters.table('public.a "b"\\c'), {
    inserts: 3,
    updates: 2,
    deletes: 1,
    copiedRows: 9,
    copiedBytes: 90,
    estimatedRows: 8,
  });
  counters.lose({ table: 'public.t', column: 'c', class: 'RANGE', policy: 'null', count: 4 });
  counters.retry('DESTINATION_BUSY');
  counters.reconnect('SOURCE_UNREACHABLE');
  counters.fail({ code: 'SOURCE_UNREACHABLE', message: 'gone', hint: '' });
  counters.fail({ code: 'VALUE_UNREPRESENTABLE', message: 'no', hint: '', problem: 'NUMERIC_NAN' }, 'public.t');
  counters.fail({ code: 'VALUE_UNREPRESENTABLE', message: 'no', hint: '', problem: 'NUMERIC_NAN' });
  counters.applied({ rows: 10, bytes: 2000, transactions: 2 }, 20);
  counters.applied({ rows: 200_000, bytes: 5e9, transactions: 1 }, 90_000);
  return counters;
}

function picture(counters: Counters): Picture {
  const look = () => sample(counters, null, 10_000);
  const events = [{ event: 'retry', severity: 'warn', count: 6 }];
  const view = { look, applied: counters.applies, events, build: BUILD, slot: 's', readyLagMs: 1000 };
  return { view, status: look(), ready: true, now: 10_000 };
}

const text = async (counters: Counters) => await new Exposition().text(picture(counters));

it('documents every registered metric, and registers every documented one', () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \| (.+) \|$/gm)];
  const registered = new Exposition().registry.getMetricsAsArray();
  expect(documented.map(([, name]) => name).sort()).toEqual(registered.map(({ name }) => name).sort());
  expect(documented.map(([, name, type, , help]) => [name, type, help])).toEqual(
    registered.map(({ name, type, help }) => [name, type, help]),
  );
});

it('gives every metric a value, with exactly the labels it is documented with', async () => {
  const lines = (await text(busy())).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const { name, labels = [], of } of METRICS) {
    const suffix = of.type === 'histogram' ? '_bucket' : '';
    const own = lines.filter((line) => new RegExp(`^${name}${suffix}[{ ]`).test(line));
    expect(own.length, name).toBeGreaterThan(0);
    const names = [...(own[0] ?? '').matchAll(/[{,](\w+)="/g)].map(([, label]) => label);
    expect(names, name).toEqual(of.type === 'histogram' ? ['le'] : [...labels]);
  }
});

const UNITS = ['seconds', 'bytes'];
/** Counted as they are. */
const THINGS = 'rows batches transactions truncates tables values events failures retries reconnects'.split(' ');
/** 0 or 1: what holds now. */
const STATES = ['info', 'phase', 'ready', 'standby', 'up', 'active', 'status'];

it('ends names with what is counted or its unit, or with a state, and counters with _total behind that', () => {
  for (const { name, of } of METRICS) {
    expect(name).toMatch(/^(pg2any|process|nodejs)_[a-z_]+$/);
    expect(name.endsWith('_total'), name).toBe(of.type === 'counter');
    const ending =
      name
        .replace(/_total$/, '')
        .split('_')
        .at(-1) ?? '';
    expect([...UNITS, ...THINGS, ...(of.type === 'gauge' ? STATES : [])], name).toContain(ending);
  }
});

it('gives what is named as a state no value but 0 and 1', async () => {
  const states = METRICS.filter(({ name }) => STATES.includes(name.split('_').at(-1) ?? ''));
  const lines = (await text(busy())).split('\n');
  for (const { name } of states) {
    const own = lines.filter((line) => new RegExp(`^${name}[{ ]`).test(line));
    expect(
      own.map((line) => line.split(' ').at(-1)).filter((value) => value !== '0' && value !== '1'),
      name,
    ).toEqual([]);
  }
});

it('tells the numbers of the pipeline', async () => {
  const lines = (await text(busy())).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'pg2any_phase{phase="streaming"} 1',
      'pg2any_phase{phase="retrying"} 0',
      'pg2any_lag_seconds 4',
      'pg2any_lag_bytes 200',
      'pg2any_lsn_bytes{position="confirmed"} 100',
      'pg2any_slot_retained_bytes 77',
      'pg2any_slot_safe_bytes 1000',
      'pg2any_source_paused_seconds_total 1.5',
      'pg2any_rows_total{table="public.a \\"b\\"\\\\c",kind="update"} 2',
      'pg2any_lost_values_total{table="public.t",column="c",class="RANGE",policy="null"} 4',
      'pg2any_refused_values_total{class="NUMERIC_NAN"} 1',
      'pg2any_retries_total{code="DESTINATION_BUSY"} 1',
      'pg2any_reconnects_total{code="SOURCE_UNREACHABLE"} 1',
      'pg2any_failures_total{code="SOURCE_UNREACHABLE"} 1',
      'pg2any_events_total{event="retry",severity="warn"} 6',
    ]),
  );
});

it('writes lines that Prometheus reads, whatever tables are called', async () => {
  const counters = busy();
  for (const name of ['', 'public.line\nbreak', 'public.{le="1"} 7', 'public.ü😀\\']) counters.table(name).inserts = 1;
  const sample = /^[a-z_][a-z0-9_]*(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? (-?\d+(\.\d+)?(e[+-]\d+)?)$/;
  const lines = (await text(counters)).trimEnd().split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('# ') && !sample.test(line))).toEqual([]);
  const series = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
  expect(new Set(series).size, 'each series once').toBe(series.length);
});

it('tells of each of several destinations whether it works and how far it is', async () => {
  const lines = (await text(busy())).split('\n').filter((line) => line.startsWith('pg2any_destination'));
  expect(lines).toEqual([
    'pg2any_destination_up{destination="destination"} 1',
    'pg2any_destination_up{destination="mirror"} 0',
    'pg2any_destination_lag_bytes{destination="destination"} 150',
    'pg2any_destination_lag_bytes{destination="mirror"} 200',
    'pg2any_destination_lsn_bytes{destination="destination"} 250',
    'pg2any_destination_lsn_bytes{destination="mirror"} 200',
  ]);
});

it('counts batches into growing buckets, the largest included', async () => {
  const lines = (await text(busy())).split('\n').filter((line) => line.startsWith('pg2any_apply_seconds'));
  const numbers = lines.filter((line) => line.includes('_bucket')).map((line) => Number(line.split(' ').at(-1)));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(lines).toEqual(
    expect.arrayContaining([
      'pg2any_apply_seconds_bucket{le="0.01"} 0',
      'pg2any_apply_seconds_bucket{le="0.025"} 1',
      'pg2any_apply_seconds_bucket{le="60"} 1',
      'pg2any_apply_seconds_bucket{le="+Inf"} 2',
      'pg2any_apply_seconds_sum 90.02',
      'pg2any_apply_seconds_count 2',
    ]),
  );
});

it('has no line for what is not known', async () => {
  const fresh = await text(new Counters(0));
  for (const name of ['pg2any_lag_seconds', 'pg2any_lag_bytes', 'pg2any_slot_retained_bytes', 'pg2any_slot_safe_bytes'])
    expect(fresh).not.toMatch(new RegExp(`^${name} `, 'm'));
});

it('does not count a batch that only moves the checkpoint', () => {
  const counters = new Counters(0);
  counters.applied({ rows: 0, bytes: 0, transactions: 0 }, 5);
  expect(counters.applies.seconds.count).toBe(0);
});
