import { type Command, type Context, type Flags, textFlag } from '../command.ts';

async function wholeNumber(flags: Flags, name: string, fallback: number): Promise<number> {
  const text = textFlag(flags, name);
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 1_000_000) return value;
  const { Pg2anyError } = await import('../../model/error.ts');
  throw new Pg2anyError(
    'CONFIG_INVALID',
    `--${name} must be a whole number from 1 to 1000000, not ${JSON.stringify(text)}`,
  );
}

/** The destination, checked as the configuration checks it; its password is hidden from here on. */
async function destinationOf(context: Context): Promise<string | null> {
  const url = textFlag(context.flags, 'destination');
  if (url === undefined) return null;
  const { defineConfig } = await import('../../config/define.ts');
  const { redactor } = await import('../../config/redact.ts');
  const config = defineConfig({ source: { url: 'postgres://demo@localhost/demo' }, destination: { url } });
  context.io.protect(redactor(config));
  return url;
}

async function run(context: Context): Promise<number> {
  const { flags, io } = context;
  const { DEMO_DEFAULTS, runDemo } = await import('../../demo/demo.ts');
  const { stopOnSignals } = await import('../signals.ts');
  const options = {
    destination: await destinationOf(context),
    seconds: await wholeNumber(flags, 'seconds', DEMO_DEFAULTS.seconds),
    rate: await wholeNumber(flags, 'rate', DEMO_DEFAULTS.rate),
  };
  const stopper = stopOnSignals(() => io.err('ending the demo; once more stops at once'));
  try {
    return await runDemo(options, { write: (line) => io.out(line), style: io.style.out, signal: stopper.signal });
  } finally {
    stopper.dispose();
  }
}

export const demo: Command = {
  name: 'demo',
  about: [
    'Starts a PostgreSQL of its own with a small shop in it, copies it, changes it for a while, kills the replicator in the middle, resumes, and compares every row. Needs nothing but Node and npm; leaves nothing behind but the copy.',
  ],
  usage: 'pg2any demo [--destination URL] [--seconds N] [--rate N] [--no-tui]',
  flags: [
    { name: 'destination', value: 'URL', doc: 'Copy into this server instead of ./demo/shop.sqlite' },
    { name: 'seconds', value: 'N', doc: 'Length of the live load (10)' },
    { name: 'rate', value: 'N', doc: 'Row changes a second (1000)' },
    { name: 'tui', negated: true, doc: 'Accepted and without effect: the demo always tells its story in lines' },
  ],
  examples: [
    { run: 'pg2any demo', doc: 'into a SQLite file' },
    { run: 'pg2any demo --destination mysql://user:password@127.0.0.1:3306/demo', doc: 'into a real server' },
  ],
  run,
};
