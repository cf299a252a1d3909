import { EXIT } from '../../model/error-codes.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG } from '../command.ts';
import type { ShownSetting } from '../shown-settings.ts';

function text(value: ShownSetting['value']): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([from, to]) => `${from}: ${to}`)
    .join('\n');
}

async function run(context: Context): Promise<number> {
  const { openConfig } = await import('../open.ts');
  const { shownSettings } = await import('../shown-settings.ts');
  const { config: loaded, origins } = openConfig(context, 'source');
  const settings = shownSettings(loaded, origins);
  if (context.flags.json) {
    context.io.out(JSON.stringify({ settings, notes: loaded.notes }));
    return EXIT.ok;
  }
  const { table } = await import('../table.ts');
  const { dim } = context.io.style.out;
  const rows = settings.map((one) => [
    one.name,
    text(one.value),
    one.origin === 'default' ? dim(one.origin) : one.origin,
  ]);
  context.io.out(table(['setting', 'value', 'from'], rows, context.io));
  return EXIT.ok;
}

export const config: Command = {
  name: 'config',
  usage: 'pg2any config show --env [FILE] | --config FILE  [--json]',
  words: ['show'],
  about: ['Precedence: flag, environment, env file, config file, default. Secrets are masked.'],
  flags: [...CONFIG_FLAGS, JSON_FLAG],
  examples: [
    { run: 'pg2any config show', doc: 'what pg2any.yaml and the environment come to' },
    { run: 'pg2any config show --env .env --json', doc: 'the same of an env file, for programs' },
  ],
  run,
};
