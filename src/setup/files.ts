import { stringify } from 'yaml';
import { defaultName } from '../config/resolve.ts';
import { parseUrl } from '../config/url.ts';
import { drivers } from '../destination/registry.ts';
import type { Answers } from './answers.ts';
import { type Secret, splitSecrets } from './secrets.ts';

/** What is written: the configuration, and the secrets it refers to. */
export interface Files {
  readonly yaml: string;
  readonly secrets: readonly Secret[];
}

/** Slot and publication as they will be called. */
export function namesOf({ source, slot, publication }: Pick<Answers, 'source' | 'slot' | 'publication'>) {
  const parts = parseUrl(source);
  const database = 'problem' in parts ? null : (parts.query.get('dbname') ?? parts.path);
  const usual = defaultName(database ?? '');
  return { slot: slot ?? usual, publication: publication ?? usual };
}

/** The type needs to be written where the scheme alone would choose another. */
export function neededType({ destination, destinationType }: Answers): string | null {
  if (destinationType === null) return null;
  const scheme = destination.trim().split(':')[0]?.toLowerCase() ?? '';
  const chosen =
    drivers.find((one) => one.schemes[0] === scheme) ?? drivers.find((one) => one.schemes.includes(scheme));
  return chosen?.type === destinationType ? null : destinationType;
}

const block = (comment: string, values: object): string =>
  `\n${comment
    .split('\n')
    .map((line) => `# ${line}`)
    .join('\n')}\n${stringify(values, { lineWidth: 0 })}`;

const reference = (secret: Secret | null): object => (secret ? { password: `\${env:${secret.name}}` } : {});

const HEAD = '# What pg2any replicates, and how. Every key: docs/configuration.md. Passwords are in .env.\n';

const SNAPSHOT = 'initial: copy the tables, then stream; never: only stream; only: stop after the copy.';
const CHANGES =
  'When source tables change: apply (the destination follows), stop (with the SQL to run), or ignore (nothing is altered).';
const POLICY =
  'Values that the destination cannot hold: error (stop), null, clamp (the nearest) or text (a text column).';

/** Answers to files, the same for the wizard and for `init`. Throws CONFIG_INVALID where a URL cannot be read. */
export function filesOf(answers: Answers): Files {
  const source = splitSecrets(answers.source, 'SOURCE');
  const destination = splitSecrets(answers.destination, 'DEST', answers.destinationType);
  const type = neededType(answers);
  const { slot, publication } = namesOf(answers);
  const mapped = Object.keys(answers.schemaMapping).length > 0;
  const yaml = [
    HEAD,
    block('PostgreSQL to read from.', { source: { url: source.url, ...reference(source.password) } }),
    block('Where the copy goes.', {
      destination: { ...(type ? { type } : {}), url: destination.url, ...reference(destination.password) },
    }),
    block('Tables as schema.table; "*" is every table.', { tables: answers.tables ?? '*' }),
    ...(mapped ? [block('Source schema: destination schema.', { schemaMapping: answers.schemaMapping })] : []),
    block('What pg2any makes at the source; pg2any teardown removes both.', { slot, publication }),
    block(SNAPSHOT, { snapshot: answers.snapshot }),
    block(CHANGES, { schemaChanges: answers.schemaChanges }),
    block(POLICY, { policies: { default: answers.policy } }),
  ].join('');
  const secrets = [source, destination].flatMap(({ password, parameters }) => [
    ...(password ? [password] : []),
    ...parameters,
  ]);
  return { yaml, secrets };
}
