/** A panel of the dashboard: its queries, each with the legend of its lines. */
interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  /** A single number rather than lines over time. */
  readonly stat?: boolean;
  readonly stacked?: boolean;
}

const PICK = 'job="pg2any",instance=~"$instance"';
const of = (metric: string, labels = ''): string => `${metric}{${[PICK, labels].filter(Boolean).join(',')}}`;
const rate = (metric: string, labels = ''): string => `rate(${of(metric, labels)}[$__rate_interval])`;

const quantiles = (metric: string): Panel['queries'] =>
  [0.5, 0.95, 0.99].map((q) => [`histogram_quantile(${q}, sum by (le) (${rate(`${metric}_bucket`)}))`, `p${q * 100}`]);

const PANELS: readonly Panel[] = [
  { title: 'Ready', unit: 'bool_yes_no', stat: true, queries: [[of('pg2any_ready'), '{{instance}}']] },
  { title: 'Phase', unit: 'none', stat: true, queries: [[`${of('pg2any_phase')} == 1`, '{{phase}}']] },
  { title: 'Lag', unit: 's', stat: true, queries: [[of('pg2any_lag_seconds'), '{{instance}}']] },
  { title: 'WAL held back', unit: 'bytes', stat: true, queries: [[of('pg2any_slot_retained_bytes'), '{{instance}}']] },
  { title: 'Lag', unit: 's', queries: [[of('pg2any_lag_seconds'), '{{instance}}']] },
  {
    title: 'WAL behind, held back, and left before the slot is lost',
    unit: 'bytes',
    queries: [
      [of('pg2any_lag_bytes'), 'behind'],
      [of('pg2any_slot_retained_bytes'), 'held back'],
      [of('pg2any_slot_safe_bytes'), 'left'],
    ],
  },
  {
    title: 'WAL behind, by destination, where there is a mirror',
    unit: 'bytes',
    queries: [[of('pg2any_destination_lag_bytes'), '{{destination}}']],
  },
  {
    title: 'Row changes by kind',
    unit: 'rowsps',
    stacked: true,
    queries: [[`sum by (kind) (${rate('pg2any_rows_total')})`, '{{kind}}']],
  },
  {
    title: 'Row changes, the ten busiest tables',
    unit: 'rowsps',
    queries: [[`topk(10, sum by (table) (${rate('pg2any_rows_total')}))`, '{{table}}']],
  },
  {
    title: 'Transactions and batches',
    unit: 'ops',
    queries: [
      [rate('pg2any_transactions_total'), 'transactions'],
      [rate('pg2any_batches_total'), 'batches'],
    ],
  },
  {
    title: 'Positions of the stream',
    unit: 'Bps',
    queries: [[`deriv(${of('pg2any_lsn_bytes')}[5m])`, '{{position}}']],
  },
  { title: 'Time to apply a batch', unit: 's', queries: quantiles('pg2any_apply_seconds') },
  { title: 'Rows of a batch', unit: 'short', queries: quantiles('pg2any_batch_rows') },
  { title: 'Bytes of a batch', unit: 'bytes', queries: quantiles('pg2any_batch_bytes') },
  {
    title: 'Waiting: queue, and share of time the source is held',
    unit: 'short',
    queries: [
      [of('pg2any_queue_bytes'), 'queue bytes'],
      [rate('pg2any_source_paused_seconds_total'), 'held, of 1'],
    ],
  },
  {
    title: 'Retries and failures by code',
    unit: 'short',
    queries: [
      [`sum by (code) (increase(${of('pg2any_retries_total')}[$__rate_interval]))`, 'retry {{code}}'],
      [`sum by (code) (increase(${of('pg2any_failures_total')}[$__rate_interval]))`, 'failure {{code}}'],
    ],
  },
  {
    title: 'Values replaced by policy, and refused',
    unit: 'short',
    queries: [
      [
        `sum by (table, column) (increase(${of('pg2any_lost_values_total')}[$__rate_interval]))`,
        '{{table}}.{{column}}',
      ],
      [`sum by (class) (increase(${of('pg2any_refused_values_total')}[$__rate_interval]))`, 'refused: {{class}}'],
    ],
  },
  {
    title: 'Initial copy: share of the estimated rows',
    unit: 'percentunit',
    queries: [[`${of('pg2any_copied_rows')} / (${of('pg2any_copy_estimated_rows')} > 0)`, '{{table}}']],
  },
  {
    title: 'CPU and event loop, of one core',
    unit: 'percentunit',
    queries: [
      [rate('process_cpu_seconds_total'), 'CPU'],
      [rate('pg2any_event_loop_active_seconds_total'), 'event loop'],
    ],
  },
  {
    title: 'Memory',
    unit: 'bytes',
    queries: [
      [of('process_resident_memory_bytes'), 'resident'],
      [of('nodejs_heap_size_used_bytes'), 'heap'],
      [of('nodejs_external_memory_bytes'), 'buffers'],
    ],
  },
];

const SOURCE = { type: 'prometheus', uid: `\${datasource}` };
const STATS = 4;

/** The numbers in one row, then two panels a row; Grafana's grid has 24 columns. */
function place(index: number): { h: number; w: number; x: number; y: number } {
  if (index < STATS) return { h: 4, w: 24 / STATS, x: (index * 24) / STATS, y: 0 };
  const rest = index - STATS;
  return { h: 8, w: 12, x: (rest % 2) * 12, y: 4 + Math.floor(rest / 2) * 8 };
}

const panel = ({ title, unit, queries, stat, stacked }: Panel, index: number): object => ({
  id: index + 1,
  title,
  type: stat ? 'stat' : 'timeseries',
  datasource: SOURCE,
  gridPos: place(index),
  fieldConfig: {
    defaults: { unit, min: 0, custom: stacked ? { stacking: { mode: 'normal' }, fillOpacity: 20 } : {} },
    overrides: [],
  },
  ...(stat ? { options: { textMode: title === 'Phase' ? 'name' : 'auto' } } : {}),
  targets: queries.map(([expr, legendFormat], i) => ({
    refId: String.fromCharCode(65 + i),
    datasource: SOURCE,
    expr,
    legendFormat,
    ...(stat ? { instant: true } : {}),
  })),
});

const VARIABLES = [
  { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' },
  {
    name: 'instance',
    type: 'query',
    label: 'Instance',
    datasource: SOURCE,
    query: 'label_values(pg2any_build_info, instance)',
    refresh: 2,
    multi: true,
    includeAll: true,
    current: { text: 'All', value: '$__all' },
  },
];

/** docs/monitoring/dashboard.json, for Grafana 10 and later. */
export const dashboardPage = (): string =>
  `${JSON.stringify(
    {
      title: 'pg2any',
      uid: 'pg2any',
      tags: ['pg2any', 'postgresql', 'replication'],
      schemaVersion: 39,
      editable: true,
      refresh: '10s',
      time: { from: 'now-1h', to: 'now' },
      templating: { list: VARIABLES },
      panels: PANELS.map(panel),
    },
    null,
    2,
  )}\n`;
