#!/usr/bin/env node
process.env.NODE_ENV ??= 'production';
const { main } = await import('../dist/cli/main.js');
const code = await main(process.argv.slice(2));
// Pipes are written in the background: exit only when both are empty.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
