import { type Config, describeSource } from '../config/config.ts';
import { spellTable } from '../config/table-names.ts';
import type { RegistrySettings } from '../model/kafka.ts';
import { type Answers, NO_ANSWERS } from '../setup/answers.ts';
import { withPassword } from '../setup/secrets.ts';

function sourceUrl({ source }: Config): string {
  const url = describeSource(source);
  const tls = [
    ...(source.sslMode === 'prefer' ? [] : [`sslmode=${source.sslMode}`]),
    ...(source.sslRootCert === null ? [] : [`sslrootcert=${encodeURIComponent(source.sslRootCert)}`]),
  ].join('&');
  const whole = tls === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${tls}`;
  return withPassword(whole, 'SOURCE', null, source.password ?? undefined);
}

/** `schema.table` without quotes, as a loaded configuration has it. */
function spelled(name: string): string {
  const dot = name.indexOf('.');
  return spellTable({ schema: name.slice(0, dot), name: name.slice(dot + 1) });
}

type KafkaAnswer = 'kafkaSecurity' | 'kafkaFormat' | 'kafkaRegistry' | 'kafkaEncoding';

/** URLs with their user and password. */
function registryText(registry: RegistrySettings | null): string {
  const urls = registry?.urls.map((url) => {
    const whole = new URL(url);
    whole.username = encodeURIComponent(registry.user ?? '');
    whole.password = encodeURIComponent(registry.password ?? '');
    return whole.href.replace(/\/$/, '');
  });
  return urls?.join(',') ?? '';
}

/** What follows from the URL is not an answer. */
function kafkaAnswers({ destination }: Config): Pick<Answers, KafkaAnswer> {
  const { kafka, url } = destination.mirror ?? destination;
  const { kafkaSecurity, kafkaFormat, kafkaRegistry, kafkaEncoding } = NO_ANSWERS;
  if (!kafka) return { kafkaSecurity, kafkaFormat, kafkaRegistry, kafkaEncoding };
  const usual = url.username === '' ? 'plaintext' : 'sasl_plaintext';
  return {
    kafkaSecurity: kafka.security === usual ? null : kafka.security,
    kafkaFormat: kafka.format,
    kafkaRegistry: registryText(kafka.registry),
    kafkaEncoding: kafka.encoding === 'json' ? kafkaEncoding : kafka.encoding,
  };
}

/** The answers that lead to this configuration, as far as they are asked for. */
export const answersFrom = (config: Config): Answers => ({
  source: sourceUrl(config),
  destination: config.destination.url.href,
  destinationType: config.destination.type,
  mirror: config.destination.mirror?.url.href ?? '',
  ...kafkaAnswers(config),
  tables: config.tables?.map(spelled) ?? null,
  slot: config.slot,
  publication: config.publication,
  schemaMapping: Object.fromEntries(config.schemaMapping),
  snapshot: config.snapshot,
  schemaChanges: config.schema.changes,
  policy: config.rules.policies.default ?? 'error',
});
