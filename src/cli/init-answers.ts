import { spellTables } from '../config/table-names.ts';
import { drivers } from '../destination/registry.ts';
import { Pg2anyError } from '../model/error.ts';
import { KAFKA_FORMATS, KAFKA_SECURITY } from '../model/kafka.ts';
import { POLICIES } from '../model/mapping.ts';
import { type Answers, NO_ANSWERS } from '../setup/answers.ts';
import { hasKafka, kindOf } from '../setup/kinds.ts';
import { withRegistryPassword } from '../setup/registry-url.ts';
import { PASSWORDS, withPassword } from '../setup/secrets.ts';
import { type Context, type Flags, textFlag } from './command.ts';

/** One of a few words, or what stands without the flag. */
function chosen<T extends string>(flags: Flags, name: string, words: readonly T[], usual: T, problems: string[]): T {
  const given = textFlag(flags, name);
  const word = words.find((one) => one === given);
  if (given !== undefined && word === undefined)
    problems.push(`--${name} must be ${words.join(', ')}, not ${JSON.stringify(given)}`);
  return word ?? usual;
}

function tablesOf(text: string | undefined, problems: string[]): Answers['tables'] {
  if (text === undefined) return null;
  const spelled = spellTables(text);
  if (!('problem' in spelled)) return spelled.names;
  problems.push(`--tables ${spelled.problem}`);
  return null;
}

function mappingOf(text: string | undefined, problems: string[]): Answers['schemaMapping'] {
  const pairs = (text?.split(',') ?? []).map((pair) => pair.split(':').map((part) => part.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes('')))
    problems.push('--schema-mapping must be pairs such as public:shop_copy,sales:sales_copy');
  return Object.fromEntries(pairs);
}

function typeOf(name: string | undefined, problems: string[]): string | null {
  if (name === undefined) return null;
  const driver = drivers.find((one) => one.type === name.toLowerCase());
  if (!driver) problems.push(`--dest-type must be ${drivers.map((one) => one.type).join(', ')}, not ${name}`);
  return driver?.type ?? null;
}

function needed(flags: Flags, name: string, example: string, problems: string[]): string {
  const url = textFlag(flags, name)?.trim() ?? '';
  if (url === '') problems.push(`--${name} is needed, such as --${name} ${example}`);
  return url;
}

function mirrorOf(url: string, destination: string, problems: string[]): string {
  if (url !== '' && kindOf(url)?.type !== 'kafka')
    problems.push('--mirror must be a URL such as kafka://host:9092/topic-prefix');
  if (url !== '' && kindOf(destination)?.type === 'kafka')
    problems.push('--mirror is beside a database, but --dest is Kafka itself');
  return url;
}

function registryOf(flags: Flags, to: Pick<Answers, 'destination' | 'mirror'>, problems: string[]): string {
  const url = textFlag(flags, 'kafka-registry')?.trim() ?? '';
  const encoding = textFlag(flags, 'kafka-encoding');
  if (url !== '' && !hasKafka(to)) problems.push('--kafka-registry is for Kafka: give --mirror or --dest kafka://…');
  if (url === '' && encoding !== undefined) problems.push(`--kafka-encoding ${encoding} needs --kafka-registry URL`);
  return url;
}

const securityOf = (flags: Flags, problems: string[]): Answers['kafkaSecurity'] =>
  textFlag(flags, 'kafka-security') === undefined
    ? null
    : chosen(flags, 'kafka-security', KAFKA_SECURITY, 'plaintext', problems);

/** Only somebody who logs in has one. */
const mirrorPassword = (url: string, environment: Context['environment']): string | undefined =>
  /\/\/[^/]+@/.test(url) ? environment[PASSWORDS.mirror] : undefined;

/** Flags to answers; passwords also from the environment. Throws CONFIG_INVALID with every problem. */
export function answersOf({ flags, environment }: Pick<Context, 'flags' | 'environment'>): Answers {
  const problems: string[] = [];
  const source = needed(flags, 'source', 'postgres://user@host:5432/database', problems);
  const destination = needed(flags, 'dest', 'mysql://user@host:3306/database', problems);
  const mirror = mirrorOf(textFlag(flags, 'mirror')?.trim() ?? '', destination, problems);
  const answers: Answers = {
    source,
    destination,
    destinationType: typeOf(textFlag(flags, 'dest-type'), problems),
    mirror,
    kafkaSecurity: securityOf(flags, problems),
    kafkaFormat: chosen(flags, 'kafka-format', KAFKA_FORMATS, NO_ANSWERS.kafkaFormat, problems),
    kafkaRegistry: registryOf(flags, { destination, mirror }, problems),
    kafkaEncoding: chosen(flags, 'kafka-encoding', ['avro', 'json-schema'], NO_ANSWERS.kafkaEncoding, problems),
    tables: tablesOf(textFlag(flags, 'tables'), problems),
    slot: textFlag(flags, 'slot') ?? null,
    publication: textFlag(flags, 'publication') ?? null,
    schemaMapping: mappingOf(textFlag(flags, 'schema-mapping'), problems),
    snapshot: chosen(flags, 'snapshot', ['initial', 'never', 'only'], NO_ANSWERS.snapshot, problems),
    schemaChanges: chosen(flags, 'schema-changes', ['apply', 'stop', 'ignore'], NO_ANSWERS.schemaChanges, problems),
    policy: chosen(flags, 'policy', POLICIES, NO_ANSWERS.policy, problems),
  };
  if (problems.length > 0) throw new Pg2anyError('CONFIG_INVALID', problems.join('\n'), { hint: HINT });
  const type = answers.destinationType;
  return {
    ...answers,
    source: withPassword(source, 'SOURCE', null, environment[PASSWORDS.source]),
    destination: withPassword(destination, 'DEST', type, environment[PASSWORDS.destination]),
    mirror: mirror === '' ? '' : withPassword(mirror, 'MIRROR', null, mirrorPassword(mirror, environment)),
    kafkaRegistry: withRegistryPassword(answers.kafkaRegistry, environment[PASSWORDS.registry]),
  };
}

const HINT = 'pg2any init --help shows every flag; pg2any alone asks for all of it.';
