import { Pg2anyError } from '../../../model/error.ts';
import type { Finding } from '../../../model/finding.ts';
import type { KafkaSettings, RegistrySettings } from '../../../model/kafka.ts';
import type { Relation } from '../../../model/relation.ts';
import { type Encoding, jsonWriting, type RecordEncoder } from '../encoding/encoding.ts';
import { jsonOf, type Native } from '../encoding/native.ts';
import { type RecordKind, recordSchemas, recordTopic } from '../encoding/record-schemas.ts';
import type { ConnectSchema } from '../encoding/schema.ts';
import { tableSchema } from '../encoding/table-schema.ts';
import { topicOf } from '../encoding/topics.ts';
import type { Writing } from '../encoding/writing.ts';
import { isOutbox } from '../events/outbox.ts';
import type { EventOptions } from '../options.ts';
import { AvroBuffer } from './avro-buffer.ts';
import { avroFullName, avroSchema } from './avro-schema.ts';
import { type Avsc, avroType } from './avro-type.ts';
import { AvroWriting } from './avro-writing.ts';
import type { RegistryClient, SubjectSchema } from './client.ts';
import { admitSubjects, inspectRegistry } from './findings.ts';
import { FramedWriting } from './framed-writing.ts';
import { jsonSchema } from './json-schema.ts';
import { subjectOf } from './subject.ts';
import { framed } from './wire.ts';

type Encode = (value: Native) => Buffer;

/** Avro, or JSON with a schema, whose schemas stand in a registry. */
export class RegistryEncoding implements Encoding {
  private readonly options: EventOptions;
  private readonly subject: RegistrySettings['subject'];
  private readonly client: RegistryClient;
  private readonly encoders = new Map<RecordKind, RecordEncoder>();
  /** Shared: one event is written after the other. */
  private readonly buffer = new AvroBuffer();

  constructor(options: KafkaSettings, registry: RegistrySettings, client: RegistryClient) {
    this.options = options;
    this.subject = registry.subject;
    this.client = client;
  }

  async table(relation: Relation): Promise<Writing<unknown>> {
    const schema = tableSchema(relation, this.options);
    const topic = topicOf(relation, this.options);
    const key = schema.key ? await this.register(topic, 'key', schema.key) : 0;
    const value = await this.register(topic, 'value', schema.value);
    if (this.options.encoding === 'json-schema')
      return new FramedWriting(jsonWriting(relation, this.options), key, value);
    return new AvroWriting(await loadAvsc(), relation, schema, this.options, { key, value }, this.buffer);
  }

  async ready(kind: RecordKind): Promise<void> {
    if (this.encoders.has(kind)) return;
    const topic = recordTopic(kind, this.options);
    const { key, value } = recordSchemas(kind, this.options);
    const encoder = (role: 'key' | 'value', schema: ConnectSchema): Promise<Encode> =>
      this.options.encoding === 'avro' ? this.avro(topic, role, schema) : this.json(topic, role, schema);
    this.encoders.set(kind, { key: await encoder('key', key), value: await encoder('value', value) });
  }

  records(kind: RecordKind): RecordEncoder {
    const encoder = this.encoders.get(kind);
    if (!encoder) throw new Pg2anyError('INTERNAL', `the schemas of a ${kind} were not registered`);
    return encoder;
  }

  admit(relations: readonly Relation[]): void {
    const own = this.withSchema(relations);
    admitSubjects(own, this.options, this.subject);
    for (const one of own) this.schemasOf(one);
  }

  async companions(): Promise<readonly string[]> {
    await this.client.types();
    return ['schema registry'];
  }

  async inspect(relations: readonly Relation[]): Promise<readonly Finding[]> {
    const schemas = this.withSchema(relations).map((one) => this.schemasOf(one));
    return await inspectRegistry(this.client, this.type, schemas);
  }

  /** What an outbox sends is the application's own. */
  private withSchema(relations: readonly Relation[]): readonly Relation[] {
    return relations.filter((one) => !isOutbox(one, this.options));
  }

  private get type(): SubjectSchema['type'] {
    return this.options.encoding === 'avro' ? 'AVRO' : 'JSON';
  }

  /** What would be registered for a table. Throws TABLE_UNSUITABLE. */
  private schemasOf(relation: Relation): readonly SubjectSchema[] {
    const { key, value } = tableSchema(relation, this.options);
    const topic = topicOf(relation, this.options);
    return [...(key ? [this.under(topic, 'key', key)] : []), this.under(topic, 'value', value)];
  }

  private under(topic: string, role: 'key' | 'value', schema: ConnectSchema): SubjectSchema {
    const isAvro = this.type === 'AVRO';
    const record = isAvro ? avroFullName(schema.name ?? '') : (schema.name ?? '');
    const subject = subjectOf(this.subject, topic, role, record);
    const described = isAvro ? avroSchema(schema) : jsonSchema(schema);
    return { subject, type: this.type, schema: JSON.stringify(described) };
  }

  private async register(topic: string, role: 'key' | 'value', schema: ConnectSchema): Promise<number> {
    return await this.client.idOf(this.under(topic, role, schema));
  }

  private async avro(topic: string, role: 'key' | 'value', schema: ConnectSchema): Promise<Encode> {
    const type = avroType(await loadAvsc(), schema);
    const id = await this.register(topic, role, schema);
    return (value) => this.buffer.begin(id).value(type, value).end();
  }

  private async json(topic: string, role: 'key' | 'value', schema: ConnectSchema): Promise<Encode> {
    const id = await this.register(topic, role, schema);
    return (value) => framed(id, jsonOf(value));
  }
}

/** Loaded by those who use it. */
const loadAvsc = async (): Promise<Avsc> => (await import('avsc')).default;
