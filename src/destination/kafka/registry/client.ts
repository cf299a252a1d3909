import type { RegistrySettings } from '../../../model/kafka.ts';
import { failed, isMissing, refused } from './errors.ts';
import { type Answer, type Limits, RegistryHttp } from './http.ts';

/** How registries call the languages of schemas. */
export type SchemaType = 'AVRO' | 'JSON';

export interface SubjectSchema {
  readonly subject: string;
  readonly type: SchemaType;
  /** JSON. */
  readonly schema: string;
}

/** Why a subject would not take a schema as its next version; null where it would. */
export type Incompatibility = string | null;

const body = ({ type, schema }: SubjectSchema) => (type === 'AVRO' ? { schema } : { schemaType: type, schema });

const path = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');

/**
 * A client of a Confluent-compatible schema registry. Ids are remembered. Rejects with a Pg2anyError that holds the
 * registry's own words. https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export class RegistryClient {
  private readonly http: RegistryHttp;
  readonly autoRegister: boolean;
  private readonly ids = new Map<string, number>();

  constructor(settings: RegistrySettings, limits: Limits) {
    this.http = new RegistryHttp(settings, limits);
    this.autoRegister = settings.autoRegister;
  }

  /** Host and path of the registry, for people. */
  get display(): string {
    return this.http.display;
  }

  /** The id of a schema under its subject, registered where that is allowed. Throws SCHEMA_REFUSED. */
  async idOf(schema: SubjectSchema): Promise<number> {
    const name = `${schema.subject}\n${schema.schema}`;
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const where = this.autoRegister ? path('subjects', schema.subject, 'versions') : path('subjects', schema.subject);
    const answer = await this.http.ask('POST', where, body(schema));
    if ('problem' in answer) throw refused(this.display, schema.subject, answer.problem);
    const id = this.idIn(answer.json);
    this.ids.set(name, id);
    return id;
  }

  /** The languages that it takes: asks for nothing but an answer and the right to one. */
  async types(): Promise<readonly string[]> {
    const answer = await this.http.ask('GET', path('schemas', 'types'));
    if ('problem' in answer) throw failed(this.display, answer.problem);
    if (Array.isArray(answer.json)) return answer.json.map(String);
    throw this.strange('the answer is not a list of schema types');
  }

  /** Whether the subject has the schema. Changes nothing. */
  async has(schema: SubjectSchema): Promise<boolean> {
    return !this.missing(await this.http.ask('POST', path('subjects', schema.subject), body(schema)), schema);
  }

  /** Changes nothing. A subject that is not there yet takes anything. */
  async incompatibility(schema: SubjectSchema): Promise<Incompatibility> {
    const where = `${path('compatibility', 'subjects', schema.subject, 'versions', 'latest')}?verbose=true`;
    const answer = await this.http.ask('POST', where, body(schema));
    if (this.missing(answer, schema) || !('json' in answer)) return null;
    const { is_compatible: compatible, messages } = answer.json as { is_compatible?: boolean; messages?: unknown };
    if (compatible !== false) return null;
    return Array.isArray(messages) && messages.length > 0 ? messages.join('; ') : 'it is not compatible';
  }

  private missing(answer: Answer, { subject }: SubjectSchema): boolean {
    if (!('problem' in answer)) return false;
    if (isMissing(answer.problem)) return true;
    throw refused(this.display, subject, answer.problem);
  }

  private idIn(json: unknown): number {
    const { id } = json as { id?: unknown };
    if (Number.isInteger(id)) return id as number;
    throw this.strange('the answer has no id');
  }

  private strange(message: string): Error {
    return failed(this.display, { status: 200, code: 0, message });
  }
}
