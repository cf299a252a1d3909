import { KAFKA_FORMATS, KAFKA_SECURITY } from '../model/kafka.ts';
import { type Answers, NO_ANSWERS } from './answers.ts';
import { splitRegistry } from './registry-url.ts';
import { splitSecrets } from './secrets.ts';

/** What was answered so far, without any secret. */
export interface Draft {
  readonly answers: Answers;
  /** Step of the wizard that was open. */
  readonly step: string;
}

function harmless(url: string, side: 'SOURCE' | 'DEST' | 'MIRROR', type: string | null): string {
  try {
    return splitSecrets(url, side, type).url;
  } catch {
    // What cannot be taken apart may hold a password anywhere.
    return '';
  }
}

/** JSON of a draft; passwords are asked for again. */
export function draftText({ answers, step }: Draft): string {
  const source = harmless(answers.source, 'SOURCE', null);
  const destination = harmless(answers.destination, 'DEST', answers.destinationType);
  const mirror = answers.mirror === '' ? '' : harmless(answers.mirror, 'MIRROR', null);
  const kafkaRegistry = answers.kafkaRegistry === '' ? '' : splitRegistry(answers.kafkaRegistry).url;
  const kept = { ...answers, source, destination, mirror, kafkaRegistry };
  return `${JSON.stringify({ version: 1, step, answers: kept }, null, 2)}\n`;
}

const isText = (value: unknown): value is string => typeof value === 'string';

const CHECKS: { readonly [K in keyof Answers]: (value: unknown) => boolean } = {
  source: isText,
  destination: isText,
  destinationType: (value) => value === null || isText(value),
  mirror: isText,
  kafkaSecurity: (value) => value === null || KAFKA_SECURITY.some((one) => one === value),
  kafkaFormat: (value) => KAFKA_FORMATS.some((one) => one === value),
  kafkaRegistry: isText,
  kafkaEncoding: (value) => isText(value) && ['avro', 'json-schema'].includes(value),
  tables: (value) => value === null || (Array.isArray(value) && value.every(isText)),
  slot: (value) => value === null || isText(value),
  publication: (value) => value === null || isText(value),
  schemaMapping: (value) => typeof value === 'object' && value !== null && Object.values(value).every(isText),
  snapshot: (value) => isText(value) && ['initial', 'never', 'only'].includes(value),
  schemaChanges: (value) => isText(value) && ['apply', 'stop', 'ignore'].includes(value),
  policy: (value) => isText(value) && ['error', 'null', 'clamp', 'text'].includes(value),
};

/** A draft from its text; null where it is none that this version can read. */
export function readDraft(text: string): Draft | null {
  try {
    const { version, step, answers } = JSON.parse(text) as Record<string, unknown>;
    if (version !== 1 || !isText(step) || typeof answers !== 'object' || answers === null) return null;
    const given = { ...NO_ANSWERS, ...(answers as Partial<Answers>) };
    const keys = Object.keys(CHECKS) as (keyof Answers)[];
    if (!keys.every((key) => CHECKS[key](given[key]))) return null;
    return { step, answers: Object.fromEntries(keys.map((key) => [key, given[key]])) as unknown as Answers };
  } catch {
    return null;
  }
}
