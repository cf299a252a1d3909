import { EXIT } from '../../model/error-codes.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG, listFlag } from '../command.ts';

async function run(context: Context): Promise<number> {
  const { io, flags } = context;
  const { openConfig } = await import('../open.ts');
  const { config } = openConfig(context);
  const { compare } = await import('../compare.ts');
  const { differenceLines, resultLine, tableLine } = await import('../verify-report.ts');
  const { stopOnSignals } = await import('../signals.ts');
  const stopper = stopOnSignals((message) => io.err(message.replace(/: .*/, ': stopping')));
  const json = flags.json === true;
  const { VerifyProgress } = await import('../verify-progress.ts');
  const { relationName } = await import('../../model/relation.ts');
  const { symbols } = io.style.err;
  let width = 0;
  let done = new VerifyProgress([], Date.now());
  try {
    const result = await compare(config, {
      tables: listFlag(flags, 'table'),
      signal: stopper.signal,
      onStart: (tables) => {
        const expected = tables.map((table) => ({ ...table, name: relationName(table.relation) }));
        width = Math.max(...expected.map(({ name }) => name.length));
        done = new VerifyProgress(expected, Date.now());
      },
      onProgress: (progress) => io.progress(done.line(progress, symbols, Date.now())),
      onTable: (table) => {
        done.finished(table.table);
        if (json) return;
        io.out(tableLine(table, io.style.out, width));
        for (const line of differenceLines(table, io.style.out)) io.out(line);
      },
    });
    if (json) io.out(JSON.stringify(result));
    else {
      if (!result.caughtUp) io.err('The destination stood still: what differs may only be late.');
      io.out(resultLine(result));
    }
    return result.differences === 0 ? EXIT.ok : EXIT.findings;
  } catch (error) {
    const code = stopper.signalCode();
    if (code === null) throw error;
    return code;
  } finally {
    stopper.dispose();
  }
}

export const verify: Command = {
  name: 'verify',
  about: [
    'Compares every row and value of the destination tables, in bounded memory, while writes go on (a Kafka beside the database is not looked at): a difference counts only if it is still there when the destination has passed the position at which the source was read. Exit 0: equal; 3: different.',
  ],
  usage: 'pg2any verify --env [FILE] | --config FILE  [--table SCHEMA.TABLE]... [--json]',
  flags: [
    ...CONFIG_FLAGS,
    { name: 'table', value: 'SCHEMA.TABLE', multiple: true, doc: 'Only this table; may be given several times' },
    JSON_FLAG,
  ],
  examples: [
    { run: 'pg2any verify --env', doc: 'every replicated table' },
    { run: 'pg2any verify --env --table public.orders --table public.items', doc: 'two of them' },
  ],
  run,
};
