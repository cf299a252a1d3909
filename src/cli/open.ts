import type { Config, SourceConfig } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { redactor } from '../config/redact.ts';
import type { Loaded, Need } from '../config/resolve.ts';
import type { Context } from './command.ts';

/** Configuration of a command. Its secrets are hidden from here on; its notes are told. */
export function openConfig(context: Context): Loaded<Config>;
export function openConfig(context: Context, need: Need): Loaded<SourceConfig>;
export function openConfig({ flags, environment, folder, io }: Context, need: Need = 'both'): Loaded<SourceConfig> {
  const env = typeof flags.env === 'string' ? flags.env : undefined;
  const config = typeof flags.config === 'string' ? flags.config : undefined;
  const loaded = loadConfig({ env, config, flags, environment, folder }, need);
  io.protect(redactor(loaded.config));
  for (const note of loaded.config.notes) io.err(`${io.style.err.warn(io.style.err.symbols.warn)} ${note}`);
  return loaded;
}
