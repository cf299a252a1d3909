#!/usr/bin/env node
process.env.NODE_ENV ??= 'production';
// It asks `replicate` for more messages; whatever else runs is not to die of it.
if (process.platform !== 'win32') process.on('SIGUSR2', () => undefined);
const { main } = await import('../dist/cli/main.js');
const code = await main(process.argv.slice(2));
// Pipes are written in the background: exit only when both are empty.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
// A terminal whose connection is dead takes nothing any more.
if (process.stdout.isTTY) setTimeout(() => process.exit(code), 2000).unref();
