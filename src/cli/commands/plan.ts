import { EXIT } from '../../model/error-codes.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG } from '../command.ts';

async function run(context: Context): Promise<number> {
  const { openConfig } = await import('../open.ts');
  const { describeSource } = await import('../../config/config.ts');
  const { planTables } = await import('../table-plans.ts');
  const { config } = openConfig(context);
  const { io } = context;
  const { destination, tables } = await planTables(config);
  const blocked = tables.some(({ action }) => action === 'blocked');
  if (context.flags.json) io.out(JSON.stringify({ blocked, destination, tables }));
  else {
    const { formatPlan } = await import('../plan-text.ts');
    const style = io.style.out;
    io.out(
      `${describeSource(config.source)} ${style.symbols.arrow} ${config.destination.display}  ${style.dim(destination)}\n`,
    );
    io.out(formatPlan(tables, io));
  }
  return blocked ? EXIT.findings : EXIT.ok;
}

export const plan: Command = {
  name: 'plan',
  about: [
    'Prints, table by table, how every column would be stored, what deserves a look or loses values, and the statements that would create the destination table or change an existing one. It changes nothing. Exit 0: every table can be replicated; 3: something blocks; 4, 5: a server cannot be reached.',
  ],
  usage: 'pg2any plan --env [FILE] | --config FILE  [--json]',
  flags: [...CONFIG_FLAGS, JSON_FLAG],
  examples: [
    { run: 'pg2any plan --env', doc: 'what would be created' },
    { run: "pg2any plan --env --json | jq -r '.tables[].sql[]'", doc: 'only the statements' },
    { run: "pg2any plan --env --json | jq '.tables[].columns[] | select(.lossy)'", doc: 'what loses values' },
  ],
  run,
};
