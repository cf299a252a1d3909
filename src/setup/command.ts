import type { Answers } from './answers.ts';
import { neededType } from './files.ts';
import { hasKafka, usesRegistry } from './kinds.ts';
import { namesOf } from './names.ts';
import { splitRegistry } from './registry-url.ts';
import { PASSWORDS, splitSecrets } from './secrets.ts';

/** A word as a POSIX shell takes it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const pairs = (mapping: Answers['schemaMapping']): string =>
  Object.entries(mapping)
    .map(([from, to]) => `${from}:${to}`)
    .join(',');

/** Flags of `init` by name; absent where the default says the same. */
function flagsOf(answers: Answers): readonly (readonly [name: string, value: string])[] {
  const { slot, publication } = namesOf(answers);
  const usual = namesOf({ ...answers, slot: null, publication: null });
  const type = neededType(answers);
  const registry = usesRegistry(answers) ? splitRegistry(answers.kafkaRegistry) : null;
  const differing: readonly (readonly [string, string, boolean])[] = [
    ['dest-type', type ?? '', type !== null],
    ['mirror', answers.mirror === '' ? '' : splitSecrets(answers.mirror, 'MIRROR').url, answers.mirror !== ''],
    ['kafka-security', answers.kafkaSecurity ?? '', hasKafka(answers) && answers.kafkaSecurity !== null],
    ['kafka-format', answers.kafkaFormat, hasKafka(answers) && answers.kafkaFormat !== 'debezium'],
    ['kafka-registry', registry?.url ?? '', registry !== null],
    ['kafka-encoding', answers.kafkaEncoding, registry !== null && answers.kafkaEncoding !== 'avro'],
    ['tables', answers.tables?.join(',') ?? '', answers.tables !== null],
    ['slot', slot, slot !== usual.slot],
    ['publication', publication, publication !== usual.publication],
    ['schema-mapping', pairs(answers.schemaMapping), Object.keys(answers.schemaMapping).length > 0],
    ['snapshot', answers.snapshot, answers.snapshot !== 'initial'],
    ['schema-changes', answers.schemaChanges, answers.schemaChanges !== 'apply'],
    ['policy', answers.policy, answers.policy !== 'error'],
  ];
  return differing.filter(([, , differs]) => differs).map(([name, value]) => [name, value]);
}

/**
 * The command that writes the same files without questions, one option a line. Passwords are variables that it takes
 * them from: words of a command line can be read by everybody on the machine.
 */
export function initCommand(answers: Answers): readonly string[] {
  const source = splitSecrets(answers.source, 'SOURCE');
  const destination = splitSecrets(answers.destination, 'DEST', answers.destinationType);
  const mirror = answers.mirror === '' ? null : splitSecrets(answers.mirror, 'MIRROR');
  const set = [
    ...(source.password ? [`${PASSWORDS.source}=…`] : []),
    ...(destination.password ? [`${PASSWORDS.destination}=…`] : []),
    ...(mirror?.password ? [`${PASSWORDS.mirror}=…`] : []),
    ...(usesRegistry(answers) && splitRegistry(answers.kafkaRegistry).password ? [`${PASSWORDS.registry}=…`] : []),
  ];
  const flags = flagsOf(answers).map(([name, value]) => `--${name} ${quoted(value)}`);
  const lines = [`--source ${quoted(source.url)}`, `--dest ${quoted(destination.url)}`, ...flags];
  return [[...set, 'pg2any init --yes'].join(' '), ...lines.map((line) => `  ${line}`)].map((line, i, all) =>
    i < all.length - 1 ? `${line} \\` : line,
  );
}
