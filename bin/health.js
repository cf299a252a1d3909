#!/usr/bin/env node
// Health check of the container: asks the process that CDC_HTTP tells where to listen whether it is alive.
const { CDC_HTTP, CDC_HTTP_PORT, CDC_METRICS_PORT, METRICS_PORT } = process.env;
const address = CDC_HTTP || CDC_HTTP_PORT || CDC_METRICS_PORT || METRICS_PORT || '';
const [, host = '', port] = /^(?:(.*):)?(\d+)$/.exec(address) ?? [];
const here = ['', '0.0.0.0', '[::]'].includes(host) ? '127.0.0.1' : host;
try {
  if (port === undefined) throw new Error('CDC_HTTP holds no port');
  const answer = await fetch(`http://${here}:${port}/healthz`, { signal: AbortSignal.timeout(4000) });
  process.stdout.write(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`no answer: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
