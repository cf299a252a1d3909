import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { drivers as known } from '../destination/registry.ts';
import type { Config, SourceConfig } from './config.ts';
import { fromConfigFile } from './config-file.ts';
import type { Drivers } from './destination.ts';
import { fromEnvFile } from './env-file.ts';
import { fromVariables, type Variables } from './environment.ts';
import { expander } from './expand.ts';
import { fromFlags } from './flags.ts';
import type { Layered, ReadFile } from './given.ts';
import { invalid, type Loaded, type Need, resolveConfig } from './resolve.ts';

const CONFIG_FILE = 'pg2any.yaml';
const ENV_FILE = '.env';

export interface LoadRequest {
  /** Path of a dotenv file; the empty text is `--env` alone: configuration from the environment only. */
  readonly env?: string | undefined;
  /** Path of a YAML file. */
  readonly config?: string | undefined;
  /** Command line flags by name without dashes. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly environment: Variables;
  /** Folder in which the default files are looked for. */
  readonly folder: string;
}

/** Which files are read. Without `--env` and `--config` it is `pg2any.yaml` here, if there is one. */
export interface Files {
  readonly config: string | null;
  readonly env: string | null;
}

export function chooseFiles(request: LoadRequest): Files {
  const here = (path: string): string => resolve(request.folder, path);
  const usual = request.env === undefined && existsSync(here(CONFIG_FILE)) ? here(CONFIG_FILE) : null;
  const config = request.config ? here(request.config) : usual;
  if (request.env !== undefined) return { config, env: request.env === '' ? null : here(request.env) };
  const beside = config === null ? null : join(dirname(config), ENV_FILE);
  return { config, env: beside !== null && existsSync(beside) ? beside : null };
}

const readFrom =
  (folder: string): ReadFile =>
  (path) => {
    try {
      return readFileSync(resolve(folder, path), 'utf8');
    } catch (error) {
      throw new Error(
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message,
      );
    }
  };

function layers(request: LoadRequest): Layered[] {
  const { folder, environment, flags = {} } = request;
  const readFile = readFrom(folder);
  const files = chooseFiles(request);
  const shown = (path: string): string => (relative(folder, path).startsWith('..') ? path : relative(folder, path));
  const open = (path: string, what: string): string => {
    try {
      return readFile(path);
    } catch (error) {
      throw invalid([`cannot read the ${what} ${shown(path)}: ${(error as Error).message}`]);
    }
  };
  const variables = fromVariables(environment, { layer: 'environment', where: 'in the environment', readFile });
  const envFile = files.env === null ? null : fromEnvFile(shown(files.env), open(files.env, 'env file'), readFile);
  const all: Layered[] = [{ given: fromFlags(flags), problems: [] }, variables, ...(envFile ? [envFile] : [])];
  if (files.config === null) return all;
  const expand = expander({ ...envFile?.variables, ...environment }, readFrom(dirname(files.config)));
  return [...all, fromConfigFile(shown(files.config), open(files.config, 'config file'), expand)];
}

/** Reads every layer. Throws CONFIG_INVALID with all problems at once. */
export function loadConfig(request: LoadRequest, need?: 'both', drivers?: Drivers): Loaded<Config>;
export function loadConfig(request: LoadRequest, need: Need, drivers?: Drivers): Loaded<SourceConfig>;
export function loadConfig(request: LoadRequest, need: Need = 'both', drivers: Drivers = known): Loaded<SourceConfig> {
  return resolveConfig(layers(request), drivers, need);
}
