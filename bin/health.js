#!/usr/bin/env node
// Health check of the container: asks the process at CDC_HTTP whether it is alive.
const port = /(\d+)$/.exec(process.env.CDC_HTTP ?? '')?.[1];
try {
  const answer = await fetch(`http://127.0.0.1:${port}/live`, { signal: AbortSignal.timeout(4000) });
  process.stdout.write(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(port ? `no answer at port ${port}: ${error.cause?.message ?? error.message}` : 'CDC_HTTP is not set');
  process.exitCode = 1;
}
