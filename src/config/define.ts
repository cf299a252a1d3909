import type { Config } from './config.ts';
import type { Drivers } from './destination.ts';
import { fromObject } from './object.ts';
import { resolveConfig } from './resolve.ts';
import type { ConfigInput } from './settings.ts';

/** A typed object, through the same checks as every other way. Throws CONFIG_INVALID with all problems at once. */
export function configOf(input: ConfigInput, drivers: Drivers): Config {
  const at = (path: readonly string[]): string => path.join('.') || 'the configuration';
  const layer = fromObject(input, { layer: 'config file', at, expand: (value) => value });
  return resolveConfig([layer], drivers, 'both').config as Config;
}
