import { parseLsn } from '../../model/lsn.ts';
import type { DestinationStatus, Phase, Status } from '../../status/status.ts';
import { isStandby } from '../probes.ts';
import { histogram, labelled, type Metric, oneOf, plain, type Sample, samples } from './metric.ts';
import { PROCESS_METRICS } from './process.ts';

const PHASES: readonly Phase[] = [
  'connecting',
  'preflight',
  'snapshot',
  'streaming',
  'paused',
  'retrying',
  'draining',
  'stopped',
];
const WAL_STATES = ['reserved', 'extended', 'unreserved', 'lost'];
const TABLE_STATES = ['waiting', 'copying', 'streaming', 'unpublished'];

const position = ({ lsn }: Status): readonly Sample[] =>
  (['received', 'flushed', 'confirmed'] as const).map((name) => [{ position: name }, Number(parseLsn(lsn[name]))]);

const rows = ({ tables }: Status): readonly Sample[] =>
  tables.flatMap(({ name, inserts, updates, deletes }): Sample[] => [
    [{ table: name, kind: 'insert' }, inserts],
    [{ table: name, kind: 'update' }, updates],
    [{ table: name, kind: 'delete' }, deletes],
  ]);

const ofTables = (status: Status, read: (table: Status['tables'][number]) => number | null): readonly Sample[] =>
  status.tables.flatMap((table): Sample[] => {
    const value = read(table);
    return value === null ? [] : [[{ table: table.name }, value]];
  });

const inState = ({ tables }: Status): readonly Sample[] =>
  TABLE_STATES.map((state) => [{ state }, tables.filter((table) => table.state === state).length]);

const ofDestinations = ({ destinations }: Status, read: (one: DestinationStatus) => number | null): readonly Sample[] =>
  destinations.flatMap((one): Sample[] => {
    const value = read(one);
    return value === null ? [] : [[{ destination: one.name }, value]];
  });

const STATE: readonly Metric[] = [
  labelled(
    'gauge',
    'pg2any_build_info',
    ['version', 'node', 'slot'],
    'Always 1; the labels tell what runs.',
    ({ view, status }) => [[{ version: view.build.version, node: view.build.node, slot: status.slot }, 1]],
  ),
  labelled('gauge', 'pg2any_phase', ['phase'], 'Where the pipeline is: 1 for that phase, 0 for the others.', (p) =>
    oneOf('phase', PHASES, p.status.phase),
  ),
  plain('gauge', 'pg2any_ready', '1 while /readyz succeeds.', (p) => Number(p.ready)),
  plain('gauge', 'pg2any_standby', '1 while it waits for the slot of another instance.', (p) =>
    Number(isStandby(p.status)),
  ),
  plain(
    'gauge',
    'pg2any_lag_seconds',
    'Age of the newest source commit that the destination stands for; 0 when nothing waits. No value before the first.',
    (p) => p.status.lag.seconds,
  ),
  plain(
    'gauge',
    'pg2any_lag_bytes',
    "WAL between the source's end and what is durable at the destination. No value while unknown.",
    (p) => p.status.lag.bytes,
  ),
  labelled(
    'gauge',
    'pg2any_lsn_bytes',
    ['position'],
    'Positions in the WAL as a number: `received` from the source, `flushed` (durable at the destination), `confirmed` to the source.',
    (p) => position(p.status),
  ),
];

/** Where there is one destination, what stands above says it all. */
const DESTINATIONS: readonly Metric[] = [
  labelled(
    'gauge',
    'pg2any_destination_up',
    ['destination'],
    'With a mirror, of each: 1 while it works, 0 while it fails. No line where there is one destination.',
    (p) => ofDestinations(p.status, ({ failure }) => Number(failure === null)),
  ),
  labelled(
    'gauge',
    'pg2any_destination_lag_bytes',
    ['destination'],
    "With a mirror, of each: WAL between the source's end and what is durable there. No line where there is one, or while unknown.",
    (p) => ofDestinations(p.status, ({ behindBytes }) => behindBytes),
  ),
  labelled(
    'gauge',
    'pg2any_destination_lsn_bytes',
    ['destination'],
    'With a mirror, of each: what is durable there, as a number. No line where there is one.',
    (p) => ofDestinations(p.status, ({ flushed }) => Number(parseLsn(flushed))),
  ),
];

const SLOT: readonly Metric[] = [
  plain(
    'gauge',
    'pg2any_source_seen_timestamp_seconds',
    'When the source last answered, Unix time. No value before the first time.',
    (p) => p.status.seenAt && p.status.seenAt / 1000,
  ),
  plain('gauge', 'pg2any_slot_active', '1 while a process streams from the slot.', (p) =>
    p.status.slotStatus ? Number(p.status.slotStatus.active) : null,
  ),
  labelled(
    'gauge',
    'pg2any_slot_wal_status',
    ['status'],
    '`wal_status` of the slot: 1 for the one that holds. All 0 while unknown.',
    (p) => oneOf('status', WAL_STATES, p.status.slotStatus?.walStatus ?? null),
  ),
  plain(
    'gauge',
    'pg2any_slot_retained_bytes',
    'WAL that the slot holds back at the source. No value while unknown.',
    (p) => p.status.retainedBytes,
  ),
  plain(
    'gauge',
    'pg2any_slot_safe_bytes',
    'WAL that may still be written before the slot is lost. No value where max_slot_wal_keep_size does not limit it.',
    (p) => p.status.slotStatus?.safeBytes ?? null,
  ),
];

const FLOW: readonly Metric[] = [
  labelled('counter', 'pg2any_rows_total', ['table', 'kind'], 'Changes applied: insert, update or delete.', (p) =>
    rows(p.status),
  ),
  plain('counter', 'pg2any_truncates_total', 'TRUNCATEs applied.', (p) => p.status.totals.truncates),
  plain('counter', 'pg2any_transactions_total', 'Source transactions applied.', (p) => p.status.totals.transactions),
  plain('counter', 'pg2any_batches_total', 'Batches applied, those that only move the checkpoint included.', (p) =>
    Number(p.status.totals.batches),
  ),
  histogram('pg2any_apply_seconds', 'Time to apply a batch, its commit and retries included.', (a) => a.seconds),
  histogram('pg2any_batch_rows', 'Row changes of a batch.', (a) => a.rows),
  histogram('pg2any_batch_bytes', 'Size of a batch on the wire from the source.', (a) => a.bytes),
  plain('gauge', 'pg2any_queue_bytes', 'Received and not decoded yet; bounded.', (p) => p.status.queueBytes),
  plain(
    'counter',
    'pg2any_source_paused_seconds_total',
    'How long the stream stood still because the destination took nothing.',
    (p) => p.status.pausedSeconds,
  ),
];

const COPY: readonly Metric[] = [
  labelled('gauge', 'pg2any_tables', ['state'], 'Tables that wait for their copy, are copied, or stream.', (p) =>
    inState(p.status),
  ),
  labelled('gauge', 'pg2any_copied_rows', ['table'], 'Rows copied in this run.', (p) =>
    ofTables(p.status, (table) => table.copiedRows),
  ),
  labelled('gauge', 'pg2any_copied_bytes', ['table'], 'The same as text of COPY.', (p) =>
    ofTables(p.status, (table) => table.copiedBytes),
  ),
  labelled(
    'gauge',
    'pg2any_copy_estimated_rows',
    ['table'],
    "The planner's estimate when the copy began. No value where there was none.",
    (p) => ofTables(p.status, (table) => table.estimatedRows),
  ),
];

const TROUBLE: readonly Metric[] = [
  labelled('counter', 'pg2any_failures_total', ['code'], 'Failures by error code (docs/errors.md).', (p) =>
    samples('code', p.status.failuresBy),
  ),
  labelled('counter', 'pg2any_retries_total', ['code'], 'Retries by the error code they follow.', (p) =>
    samples('code', p.status.retriesBy),
  ),
  labelled('counter', 'pg2any_reconnects_total', ['code'], 'New attempts with new connections, by error code.', (p) =>
    samples('code', p.status.reconnectsBy),
  ),
  labelled(
    'counter',
    'pg2any_lost_values_total',
    ['table', 'column', 'class', 'policy'],
    'Values that a policy replaced; the originals are in `pg2any_lost_values`.',
    (p) =>
      p.status.lost.map(({ count, table, column, policy, class: kind }) => [
        { table, column, class: kind, policy },
        count,
      ]),
  ),
  labelled(
    'counter',
    'pg2any_refused_values_total',
    ['class'],
    'Values that the destination cannot hold and no policy lets pass. Each stops the pipeline.',
    (p) => samples('class', p.status.refusedBy),
  ),
  labelled('counter', 'pg2any_events_total', ['event', 'severity'], 'Log events by name.', ({ view }) =>
    view.events.map(({ event, severity, count }) => [{ event, severity }, count]),
  ),
];

/** Every metric, once. docs/metrics.md is generated from this table. */
export const METRICS: readonly Metric[] = [
  ...STATE,
  ...DESTINATIONS,
  ...SLOT,
  ...FLOW,
  ...COPY,
  ...TROUBLE,
  ...PROCESS_METRICS,
];
