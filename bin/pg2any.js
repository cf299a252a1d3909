#!/usr/bin/env node
process.env.NODE_ENV ??= 'production';
(await import('../dist/cli/young-heap.js')).keepYoungHeapSmall();
// It asks `replicate` for more messages; whatever else runs is not to die of it.
if (process.platform !== 'win32') process.on('SIGUSR2', () => undefined);
const { main } = await import('../dist/cli/main.js');
const code = await main(process.argv.slice(2));
// Pipes are written in the background: exit only when both are empty. A terminal that is gone takes nothing any more.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
if (process.stdout.isTTY) setTimeout(() => process.exit(code), 2000).unref();
