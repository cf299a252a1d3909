import type { Finding } from '../../../model/finding.ts';
import type { Relation } from '../../../model/relation.ts';
import type { EventOptions } from '../options.ts';
import { JsonWriting } from './json-writing.ts';
import { jsonOf, type Native } from './native.ts';
import { type RecordKind, recordSchemas } from './record-schemas.ts';
import { tableSchema } from './table-schema.ts';
import type { Bytes, Writing } from './writing.ts';

type Encode = (value: Native) => Bytes;

/** Keys and values of records that belong to no table. */
export interface RecordEncoder {
  readonly key: Encode;
  readonly value: Encode;
}

/** How events become bytes. */
export interface Encoding {
  /** For events of one table. Registers their schemas, where there is a registry. */
  table(relation: Relation): Promise<Writing<unknown>>;
  /** Before the first record of a kind. */
  ready(kind: RecordKind): Promise<void>;
  /** For records of a kind that is ready. */
  records(kind: RecordKind): RecordEncoder;
  /** Throws where tables cannot be written so. Pure. */
  admit(relations: readonly Relation[]): void;
  /** Asks the servers that it needs, and tells who they are. */
  companions(): Promise<readonly string[]>;
  /** What `check` should know. Changes nothing. */
  inspect(relations: readonly Relation[]): Promise<readonly Finding[]>;
}

export const jsonWriting = (relation: Relation, options: EventOptions): Writing<string> =>
  new JsonWriting(relation, tableSchema(relation, options), options);

/** JSON, with the schema in front of it where the format says so. Needs nobody. */
export class JsonEncoding implements Encoding {
  private readonly options: EventOptions;
  private readonly encoders = new Map<RecordKind, RecordEncoder>();

  constructor(options: EventOptions) {
    this.options = options;
  }

  async table(relation: Relation): Promise<Writing<unknown>> {
    return jsonWriting(relation, this.options);
  }

  async ready(): Promise<void> {}

  records(kind: RecordKind): RecordEncoder {
    const known = this.encoders.get(kind);
    if (known) return known;
    const { key, value } = recordSchemas(kind, this.options);
    const withSchema = this.options.format === 'debezium-schema';
    const encode = (schema: object): Encode => {
      const head = withSchema ? `{"schema":${JSON.stringify(schema)},"payload":` : '';
      return (native) => `${head}${jsonOf(native)}${withSchema ? '}' : ''}`;
    };
    const made = { key: encode(key), value: encode(value) };
    this.encoders.set(kind, made);
    return made;
  }

  admit(): void {}

  async companions(): Promise<readonly string[]> {
    return [];
  }

  async inspect(): Promise<readonly Finding[]> {
    return [];
  }
}
