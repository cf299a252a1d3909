import { type Config, describeSource } from '../config/config.ts';
import { spellTable } from '../config/table-names.ts';
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

/** What follows from the URL is not an answer. */
function kafkaAnswers({ destination }: Config): Pick<Answers, 'kafkaSecurity' | 'kafkaFormat'> {
  const { kafka, url } = destination.mirror ?? destination;
  if (!kafka) return { kafkaSecurity: null, kafkaFormat: NO_ANSWERS.kafkaFormat };
  const usual = url.username === '' ? 'plaintext' : 'sasl_plaintext';
  return { kafkaSecurity: kafka.security === usual ? null : kafka.security, kafkaFormat: kafka.format };
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
