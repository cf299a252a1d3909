import { EXIT } from '../../model/error-codes.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG } from '../command.ts';
import type { Side } from '../inspect.ts';
import type { Io } from '../io.ts';

async function print(title: string, side: Side, io: Io): Promise<void> {
  const { formatFindings } = await import('../findings.ts');
  const style = io.style.out;
  io.out(`${style.bold(title)}  ${style.dim(side.product)}`);
  if (side.findings.length > 0) io.out(formatFindings(side.findings, style, io.width));
  else io.out(`  ${style.ok(style.symbols.ok)} reached, nothing to say`);
  io.out('');
}

async function run(context: Context): Promise<number> {
  const { openConfig } = await import('../open.ts');
  const { describeSource } = await import('../../config/config.ts');
  const { config } = openConfig(context);
  const { inspectBoth } = await import('../inspect.ts');
  const { blocks, summary } = await import('../findings.ts');
  const { io } = context;
  const { source, destination } = await inspectBoth(config);
  const findings = [...source.findings, ...destination.findings];
  const blocked = blocks(findings);
  if (context.flags.json) {
    const side = ({ product, findings: found }: Side) => ({ product, findings: found });
    io.out(JSON.stringify({ blocked, source: side(source), destination: side(destination) }));
  } else {
    const style = io.style.out;
    io.out(`${describeSource(config.source)} ${style.symbols.arrow} ${config.destination.display}\n`);
    await print('Source', source, io);
    await print('Destination', destination, io);
    const tone = blocked ? 'error' : 'ok';
    io.out(`${style[tone](style.symbols[tone])} ${summary(findings)}`);
  }
  return (source.error ?? destination.error)?.exitCode ?? (blocked ? EXIT.findings : EXIT.ok);
}

export const check: Command = {
  name: 'check',
  about: [
    'Looks at both servers and the tables, changes nothing, and prints each finding with the exact statement that mends it. Exit 0: replication can start; 3: something blocks; 4, 5: a server cannot be reached.',
  ],
  usage: 'pg2any check --env [FILE] | --config FILE  [--json]',
  flags: [...CONFIG_FLAGS, JSON_FLAG],
  examples: [
    { run: 'pg2any check --env', doc: 'check what the CDC_* variables say' },
    { run: 'pg2any check --json | jq \'.source.findings[] | select(.severity=="block")\'', doc: 'only what blocks' },
  ],
  run,
};
