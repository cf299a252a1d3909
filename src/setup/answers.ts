import type { KafkaSettings } from '../model/kafka.ts';
import type { Policy } from '../model/mapping.ts';

/** What a pipeline is set up from: what the wizard asks for and `pg2any init` takes as flags. */
export interface Answers {
  /** URL, password included; never to be printed. */
  readonly source: string;
  /** URL, password included; never to be printed. */
  readonly destination: string;
  /** Registry name where the scheme of the URL does not tell. */
  readonly destinationType: string | null;
  /** URL of a Kafka beside the destination, password included; empty for none. */
  readonly mirror: string;
  /** Null: plaintext, with a user in the URL SASL. */
  readonly kafkaSecurity: KafkaSettings['security'] | null;
  readonly kafkaFormat: KafkaSettings['format'];
  /** URL of a schema registry for Kafka's events, password included, several by commas; empty for none: JSON. */
  readonly kafkaRegistry: string;
  /** Where there is a registry. */
  readonly kafkaEncoding: Exclude<KafkaSettings['encoding'], 'json'>;
  /** As `spellTable` writes them; null for every table. */
  readonly tables: readonly string[] | null;
  /** Null: named after the source database, as publication. */
  readonly slot: string | null;
  readonly publication: string | null;
  readonly schemaMapping: Readonly<Record<string, string>>;
  readonly snapshot: 'initial' | 'never' | 'only';
  readonly schemaChanges: 'apply' | 'stop' | 'ignore';
  /** Of every class of values that the destination cannot hold. */
  readonly policy: Policy;
}

/** What stands before anything was answered. */
export const NO_ANSWERS: Answers = {
  source: '',
  destination: '',
  destinationType: null,
  mirror: '',
  kafkaSecurity: null,
  kafkaFormat: 'debezium',
  kafkaRegistry: '',
  kafkaEncoding: 'avro',
  tables: null,
  slot: null,
  publication: null,
  schemaMapping: {},
  snapshot: 'initial',
  schemaChanges: 'apply',
  policy: 'error',
};

/** The files of a pipeline, in the folder it is set up in. */
export const CONFIG_FILE = 'pg2any.yaml';
export const ENV_FILE = '.env';
export const DRAFT_FILE = '.pg2any-draft.json';
