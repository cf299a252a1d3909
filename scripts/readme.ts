/**
 * Refreshes what the README shows from real runs: `tsx scripts/readme.ts demo`, `… live`, `… wizard` and `… bench` run the
 * command and put its output between the markers; `… bench FILE` takes the output of an earlier run.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const COMMANDS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  demo: [process.execPath, 'bin/pg2any.js', 'demo'],
  live: [process.execPath, '--import', 'tsx', 'scripts/live-screen.ts'],
  wizard: [process.execPath, '--import', 'tsx', 'scripts/wizard-screen.ts'],
  bench: [process.execPath, '--import', 'tsx', 'scripts/bench/index.ts'],
};

function output(name: string, file: string | undefined): string {
  if (file) return readFileSync(file, 'utf8');
  const [program, ...args] = COMMANDS[name] ?? [];
  if (!program) throw new Error(`unknown section ${name}: ${Object.keys(COMMANDS).join(', ')}`);
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (done.status !== 0) throw new Error(`${name} ended with ${done.status}`);
  return done.stdout;
}

const [name = '', file] = process.argv.slice(2);
const text = output(name, file).trimEnd();
const section = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);
const readme = readFileSync('README.md', 'utf8');
if (!section.test(readme)) throw new Error(`README.md has no section ${name}`);
writeFileSync(
  'README.md',
  readme.replace(section, (_, start: string, end: string) => `${start}\`\`\`\n${text}\n\`\`\`${end}`),
);
