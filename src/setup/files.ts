import { parse, stringify } from 'yaml';
import { drivers } from '../destination/registry.ts';
import type { Answers } from './answers.ts';
import { hasKafka, usesRegistry } from './kinds.ts';
import { namesOf } from './names.ts';
import { splitRegistry } from './registry-url.ts';
import { type Secret, type Split, splitSecrets } from './secrets.ts';

/** What is written: the configuration, and the secrets it refers to. */
export interface Files {
  readonly yaml: string;
  readonly secrets: readonly Secret[];
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

const KAFKA = `How events are written: debezium (its envelope), debezium-schema (with the schema in every event), or flat (the row).
More under "kafka" in docs/configuration.md; consumers read with isolation.level=read_committed.`;

const objectOf = (value: unknown): { readonly registry?: unknown } =>
  typeof value === 'object' && value !== null ? value : {};

/** How events become bytes other than as JSON. */
function registryBlock({ kafkaEncoding }: Answers, registry: Split | null, { registry: kept }: { registry?: unknown }) {
  if (!registry) return {};
  const urls = registry.url.split(',');
  const url = urls.length > 1 ? urls : registry.url;
  return { encoding: kafkaEncoding, registry: { url, ...reference(registry.password), ...objectOf(kept) } };
}

/** What only Kafka has; nothing where it takes no part. */
function kafkaBlock(answers: Answers, mirror: Split | null, registry: Split | null, kept: unknown): readonly string[] {
  const others = objectOf(kept);
  if (!hasKafka(answers)) return Object.keys(others).length > 0 ? [block('As it was before.', { kafka: others })] : [];
  const { kafkaSecurity, kafkaFormat } = answers;
  const kafka = {
    ...(mirror ? { url: mirror.url, ...reference(mirror.password) } : {}),
    ...(kafkaSecurity === null ? {} : { securityProtocol: kafkaSecurity }),
    format: kafkaFormat,
    ...others,
    ...registryBlock(answers, registry, others),
  };
  const beside = mirror
    ? 'Kafka beside the destination: every change goes there too, with a checkpoint of its own.\n'
    : '';
  return [block(`${beside}${KAFKA}`, { kafka })];
}

/**
 * Answers to files, the same for the wizard and for `init`. `kept`: settings of the file before that nothing asks for.
 * Throws CONFIG_INVALID where a URL cannot be read.
 */
export function filesOf(answers: Answers, kept: Readonly<Record<string, unknown>> = {}): Files {
  const source = splitSecrets(answers.source, 'SOURCE');
  const destination = splitSecrets(answers.destination, 'DEST', answers.destinationType);
  const type = neededType(answers);
  const { slot, publication } = namesOf(answers);
  const mirror = answers.mirror === '' ? null : splitSecrets(answers.mirror, 'MIRROR');
  const registry = usesRegistry(answers) ? splitRegistry(answers.kafkaRegistry) : null;
  const { kafka: keptKafka = {}, ...others } = kept;
  const mapped = Object.keys(answers.schemaMapping).length > 0;
  const yaml = [
    HEAD,
    block('PostgreSQL to read from.', { source: { url: source.url, ...reference(source.password) } }),
    block('Where the copy goes.', {
      destination: { ...(type ? { type } : {}), url: destination.url, ...reference(destination.password) },
    }),
    ...kafkaBlock(answers, mirror, registry, keptKafka),
    block('Tables as schema.table; "*" is every table.', { tables: answers.tables ?? '*' }),
    ...(mapped ? [block('Source schema: destination schema.', { schemaMapping: answers.schemaMapping })] : []),
    block('What pg2any makes at the source; pg2any teardown removes both.', { slot, publication }),
    block(SNAPSHOT, { snapshot: answers.snapshot }),
    block(CHANGES, { schemaChanges: answers.schemaChanges }),
    block(POLICY, { policies: { default: answers.policy } }),
    ...(Object.keys(others).length > 0 ? [block('As it was before.', others)] : []),
  ].join('');
  const secrets = [source, destination, ...(mirror ? [mirror] : []), ...(registry ? [registry] : [])].flatMap(
    ({ password, parameters }) => [...(password ? [password] : []), ...parameters],
  );
  return { yaml, secrets };
}

const OURS = new Set(
  ['source', 'destination', 'dest', 'tables', 'schemaMapping', 'slot', 'replicationSlot', 'publication', 'snapshot']
    .concat(['schemaChanges', 'policies'])
    .map((name) => name.toLowerCase()),
);

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.]/g, '').replace(/^cdc/, '');

const OURS_OF_KAFKA = new Set(['url', 'password', 'format', 'securityprotocol', 'encoding']);
const OURS_OF_REGISTRY = new Set(['url', 'user', 'password']);

const without = (values: object, ours: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !ours.has(plain(name))));

function withoutAsked(kafka: object): object {
  const { registry, ...rest }: { readonly registry?: unknown } = without(kafka, OURS_OF_KAFKA);
  const kept = without(objectOf(registry), OURS_OF_REGISTRY);
  return Object.keys(kept).length > 0 ? { ...rest, registry: kept } : rest;
}

/** What a configuration file sets beside what is asked for. Empty where it cannot be read. */
export function otherSettings(yaml: string): Readonly<Record<string, unknown>> {
  try {
    const all: unknown = parse(yaml);
    if (typeof all !== 'object' || all === null || Array.isArray(all)) return {};
    const { kafka, ...rest } = Object.fromEntries(Object.entries(all).filter(([name]) => !OURS.has(plain(name))));
    const keptKafka = typeof kafka === 'object' && kafka !== null ? withoutAsked(kafka) : {};
    return Object.keys(keptKafka).length > 0 ? { ...rest, kafka: keptKafka } : rest;
  } catch {
    return {};
  }
}
