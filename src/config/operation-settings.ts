import { address } from './address.ts';
import { choice, duration } from './kinds.ts';
import { setting } from './setting.ts';

/** How a replicator that nobody watches can be looked at. */
export const OPERATION_SETTINGS = {
  http: setting({
    kind: address,
    env: ['CDC_HTTP', 'CDC_HTTP_PORT', 'CDC_METRICS_PORT', 'METRICS_PORT'],
    flag: 'http',
    fallback: null,
    fallbackText: 'no endpoint',
    doc: 'Where `pg2any replicate` answers `/healthz`, `/readyz`, `/status`, `/build` and `/metrics` over HTTP: a port of the loopback address, or `HOST:PORT`. There is no login: whoever reaches it can read the names of servers and tables, lag and counts.',
  }),
  readyLag: setting({
    kind: duration(1000, 604_800_000),
    env: ['CDC_READY_LAG'],
    fallback: '5m',
    doc: '`/readyz` fails while the lag is above this.',
  }),
  logFormat: setting({
    kind: choice(['text', 'json']),
    env: ['CDC_LOG_FORMAT'],
    flag: 'log-format',
    fallback: 'text',
    doc: 'Messages of `pg2any replicate` without a live view, on stderr: `text` for people, or `json`, one object a line with a stable event name.',
  }),
  logLevel: setting({
    kind: choice(['debug', 'info', 'warn', 'error']),
    env: ['CDC_LOG_LEVEL'],
    flag: 'log-level',
    fallback: 'info',
    doc: 'The least severe messages that are written. `debug` also writes each repetition, and a status every second. SIGUSR2 changes between `debug` and this level while it runs.',
  }),
};
