import type { Config, SourceConfig } from '../config/config.ts';
import { fromConfigFile } from '../config/config-file.ts';
import type { Variables } from '../config/environment.ts';
import { expander } from '../config/expand.ts';
import { type Need, resolveConfig } from '../config/resolve.ts';
import { drivers } from '../destination/registry.ts';
import { type Answers, CONFIG_FILE } from './answers.ts';
import { type Files, filesOf } from './files.ts';

const refuseFile = (): never => {
  throw new Error('files are not read while answers are checked');
};

/**
 * The configuration that these files come to. `others`: variables that settings which were kept may refer to. Throws
 * CONFIG_INVALID with every problem.
 */
export function configOfFiles(files: Files, others: Variables = {}): Config {
  return resolved(files, 'both', others) as Config;
}

function resolved({ yaml, secrets }: Files, need: Need, others: Variables = {}): SourceConfig {
  const variables = { ...others, ...Object.fromEntries(secrets.map(({ name, value }) => [name, value])) };
  const layer = fromConfigFile(CONFIG_FILE, yaml, expander(variables, refuseFile));
  return resolveConfig([layer], drivers, need).config;
}

/** The configuration that answers come to, by way of the file that would be written. Throws CONFIG_INVALID. */
export const configOf = (answers: Answers): Config => configOfFiles(filesOf(answers));

/** As long as only the source is known. */
export function sourceConfigOf(answers: Answers): SourceConfig {
  // The destination plays no part yet: any that needs no server will do.
  return resolved(filesOf({ ...answers, destination: 'sqlite:./none', destinationType: null, mirror: '' }), 'both');
}
