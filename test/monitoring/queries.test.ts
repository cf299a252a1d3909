import { describe, expect, it } from 'vitest';
import { METRICS } from '../../src/serve/metrics/table.ts';
import { OWN_LABELS, OWN_SERIES, PANELS, page, RULES, read, SERIES, type Selector } from './promql.ts';

/** Labels whose values are a closed set. */
const CLOSED: Readonly<Record<string, RegExp>> = {
  pg2any_phase: /^(connecting|preflight|snapshot|streaming|paused|retrying|draining|stopped)$/,
  pg2any_slot_wal_status: /^(reserved|extended|unreserved|lost)$/,
};

const problemsOf = (expr: string, legend = ''): string[] => {
  const { errors, selectors, groupings } = read(expr);
  const known = selectors.filter(({ series }) => !OWN_SERIES.includes(series));
  const labels = new Set([...OWN_LABELS, ...known.flatMap(({ series }) => SERIES.get(series)?.labels ?? [])]);
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  return [
    ...errors.map((error) => `is no PromQL ${error}`),
    ...(selectors.length === 0 ? ['asks for nothing'] : []),
    ...known.filter(({ series }) => !SERIES.has(series)).map(({ series }) => `${series} does not exist`),
    ...known.flatMap(selectorProblems),
    ...[...groupings, ...shown]
      .filter((label) => !labels.has(label))
      .map((label) => `no series has the label ${label}`),
  ];
};

function selectorProblems({ series, matchers, inside }: Selector): string[] {
  const own = SERIES.get(series);
  if (!own) return [];
  const rated = inside.some((name) => name === 'rate' || name === 'increase');
  return [
    ...matchers
      .filter(([label]) => ![...own.labels, ...OWN_LABELS].includes(label))
      .map(([label]) => `${series} has no label ${label}`),
    ...matchers
      .filter(([label]) => own.labels.includes(label) && series in CLOSED)
      .flatMap(([, value]) => value.split('|').filter((one) => !CLOSED[series]?.test(one)))
      .map((value) => `${series} never has the value ${value}`),
    ...(rated && !own.counts ? [`${series} does not count: no rate can be taken`] : []),
  ];
}

describe('the queries', () => {
  it.each(RULES.map(({ alert, expr }) => [alert, expr] as const))('alert %s asks for what exists', (_, expr) => {
    expect(problemsOf(expr)).toEqual([]);
  });

  it.each(
    PANELS.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
    ),
  )('panel "%s" asks for what exists: %s', (_, expr, legend) => {
    expect(problemsOf(expr, legend)).toEqual([]);
  });

  it.each([
    ['rate(pg2any_rows[5m])', 'pg2any_rows does not exist'],
    ['pg2any_phase{status="x"}', 'pg2any_phase has no label status'],
    ['pg2any_phase{phase="asleep"}', 'pg2any_phase never has the value asleep'],
    ['rate(pg2any_lag_seconds[5m])', 'pg2any_lag_seconds does not count: no rate can be taken'],
    ['sum by (color) (pg2any_ready)', 'no series has the label color'],
    ['sum(pg2any_ready', 'is no PromQL at 16: '],
    ['1 + 1', 'asks for nothing'],
  ])('this check finds what is wrong with %s', (expr, problem) => {
    expect(problemsOf(expr)).toContain(problem);
  });
});

describe('the alerts', () => {
  it('have names of their own, each explained among the operations', () => {
    const names = RULES.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    const explained = [...page('operations.md').matchAll(/^### (Pg2any\w+)$/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(names.sort());
  });
});

it('the dashboard shows every metric of the pipeline that is not only for looking up', () => {
  const used = new Set(
    PANELS.flatMap(({ targets }) => targets.flatMap(({ expr }) => read(expr).selectors)).map(({ series }) => series),
  );
  const lookups = [
    'build_info',
    'standby',
    'destination_up',
    'destination_lsn_bytes',
    'source_seen_timestamp_seconds',
    'slot_active',
    'slot_wal_status',
    'truncates_total',
    'tables',
    'copied_bytes',
    'reconnects_total',
    'events_total',
  ].map((name) => `pg2any_${name}`);
  const missing = METRICS.map(({ name, of }) => (of.type === 'histogram' ? `${name}_bucket` : name)).filter(
    (name) => name.startsWith('pg2any_') && !used.has(name) && !lookups.includes(name),
  );
  expect(missing).toEqual([]);
});
