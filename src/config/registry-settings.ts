import { z } from 'zod';
import { KAFKA_ENCODINGS, KAFKA_SUBJECTS } from '../model/kafka.ts';
import { choice, flag, type Kind, kind, secretText, text } from './kinds.ts';
import { setting } from './setting.ts';

const isRegistryUrl = (text: string): boolean =>
  /^https?:\/\//i.test(text) && URL.canParse(text) && !new URL(text).search && !new URL(text).hash;

const urls: Kind<readonly URL[], readonly string[] | string> = kind(
  'list of URLs',
  (raw) => raw.split(',').map((item) => item.trim()),
  z
    .array(z.string().refine(isRegistryUrl, 'must be URLs such as https://registry:8081'), 'must be a list of URLs')
    .min(1, 'is empty')
    .transform((list) => list.map((one) => new URL(one))),
);

/** How events of Kafka become bytes, and where their schemas stand. */
export const REGISTRY_SETTINGS = {
  'kafka.encoding': setting({
    kind: choice(KAFKA_ENCODINGS),
    env: ['CDC_KAFKA_ENCODING'],
    fallback: 'json',
    doc: 'How events become bytes. `avro` and `json-schema` have their schemas in a schema registry, and keys and values begin with the id of theirs.',
  }),
  'kafka.registry.url': setting({
    kind: urls,
    env: ['CDC_KAFKA_REGISTRY_URL'],
    fallback: null,
    secret: true,
    doc: "A schema registry that speaks as Confluent's, such as `https://registry:8081`, for Apicurio `http://apicurio:8080/apis/ccompat/v7`. Several URLs of the same registry are asked in turn.",
  }),
  'kafka.registry.user': setting({
    kind: text,
    env: ['CDC_KAFKA_REGISTRY_USER'],
    fallback: null,
    doc: 'User for the registry (basic authentication); for Confluent Cloud the API key. May also stand in the URL.',
  }),
  'kafka.registry.password': setting({
    kind: secretText,
    env: ['CDC_KAFKA_REGISTRY_PASSWORD'],
    fallback: null,
    secret: true,
    doc: 'Password of that user, written as it is.',
  }),
  'kafka.registry.token': setting({
    kind: secretText,
    env: ['CDC_KAFKA_REGISTRY_TOKEN'],
    fallback: null,
    secret: true,
    doc: 'Bearer token for the registry, in place of user and password.',
  }),
  'kafka.registry.sslCa': setting({
    kind: text,
    env: ['CDC_KAFKA_REGISTRY_SSL_CA'],
    fallback: null,
    fallbackText: 'the authorities that Node knows',
    doc: "PEM file with the authorities that the registry's certificate is verified by.",
  }),
  'kafka.registry.autoRegister': setting({
    kind: flag,
    env: ['CDC_KAFKA_REGISTRY_AUTO_REGISTER'],
    fallback: 'true',
    doc: 'Register schemas when a table is prepared. `false`: they must be in the registry, exactly as they are.',
  }),
  'kafka.registry.subject': setting({
    kind: choice(KAFKA_SUBJECTS),
    env: ['CDC_KAFKA_REGISTRY_SUBJECT'],
    fallback: 'topic',
    doc: 'Subject of a schema: `topic` is `<topic>-key` and `<topic>-value` (TopicNameStrategy), `record` the name of the record (RecordNameStrategy), `topic-record` both (TopicRecordNameStrategy).',
  }),
};
