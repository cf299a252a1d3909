import { performance } from 'node:perf_hooks';
import { type Metric, plain } from './metric.ts';

/** By the names that dashboards of other programs know; read when asked, nothing is measured in between. */
export const PROCESS_METRICS: readonly Metric[] = [
  plain('counter', 'process_cpu_seconds_total', 'CPU time of the process, user and system.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }),
  plain('gauge', 'process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss()),
  plain(
    'gauge',
    'process_start_time_seconds',
    'When the process began, Unix time.',
    () => performance.timeOrigin / 1000,
  ),
  plain('gauge', 'nodejs_heap_size_used_bytes', 'Used JavaScript heap.', () => process.memoryUsage().heapUsed),
  plain(
    'gauge',
    'nodejs_external_memory_bytes',
    'Memory of buffers outside the heap.',
    () => process.memoryUsage().external,
  ),
  plain(
    'counter',
    'pg2any_event_loop_active_seconds_total',
    'How long the event loop was busy: at a rate of 1 a second, JavaScript is what limits the speed.',
    () => performance.eventLoopUtilization().active / 1000,
  ),
];
