import { drivers as known } from '../destination/registry.ts';
import type { Config } from './config.ts';
import type { Drivers } from './destination.ts';
import { fromObject } from './object.ts';
import { resolveConfig } from './resolve.ts';
import type { ConfigInput } from './settings.ts';

/**
 * A typed object, through the same checks as every other way: the environment plays no part in it. Throws a Pg2anyError
 * CONFIG_INVALID with all problems at once.
 */
export function defineConfig(input: ConfigInput, drivers: Drivers = known): Config {
  const at = (path: readonly string[]): string => path.join('.') || 'the configuration';
  const layer = fromObject(input, { layer: 'config file', at, expand: (value) => value });
  return resolveConfig([layer], drivers, 'both').config as Config;
}
