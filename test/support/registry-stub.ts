import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import avsc from 'avsc';

interface Version {
  readonly id: number;
  readonly type: string;
  readonly schema: string;
}

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

const SUBJECT_MISSING: Refusal = { status: 404, code: 40401, message: 'Subject not found.' };
const SCHEMA_MISSING: Refusal = { status: 404, code: 40403, message: 'Schema not found' };

/**
 * A stub of a schema registry: the part of Confluent's API that we use, with its answers, statuses and error codes, in
 * memory. Avro is checked for BACKWARD compatibility, JSON Schema only for being JSON.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export class RegistryStub {
  /** Requests so far, as `POST /subjects/t-value/versions`. */
  readonly asked: string[] = [];
  /** `Authorization` that it wants; null: none. */
  login: string | null = null;
  /** Answered to everything. */
  broken: Refusal | null = null;
  compatibility: 'BACKWARD' | 'NONE' = 'BACKWARD';
  private readonly subjects = new Map<string, Version[]>();
  private readonly ids = new Map<string, number>();
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<RegistryStub> {
    const server = createServer((request, response) => void stub.serve(request, response));
    const stub = new RegistryStub(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  versions(subject: string): readonly Version[] {
    return this.subjects.get(subject) ?? [];
  }

  get names(): readonly string[] {
    return [...this.subjects.keys()].sort();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.asked.push(`${request.method} ${request.url}`);
    const { status, json } = this.answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'Content-Type': 'application/vnd.schemaregistry.v1+json' });
    response.end(JSON.stringify(json));
  }

  private answer({ method, url, headers }: IncomingMessage, body: string): { status: number; json: unknown } {
    try {
      if (this.broken) throw this.broken;
      if (this.login !== null && headers.authorization !== this.login)
        throw { status: 401, code: 401, message: 'Unauthorized' } satisfies Refusal;
      const parts = (url ?? '').replace(/\?.*/, '').split('/').filter(Boolean).map(decodeURIComponent);
      return { status: 200, json: this.route(method ?? '', parts, body === '' ? null : JSON.parse(body)) };
    } catch (error) {
      const { status = 500, code = 50001, message } = error as Partial<Refusal>;
      return { status, json: { error_code: code, message } };
    }
  }

  private route(
    method: string,
    parts: readonly string[],
    body: { schema: string; schemaType?: string } | null,
  ): unknown {
    const [first, second = '', third, fourth] = parts;
    if (method === 'GET' && first === 'schemas' && second === 'types') return ['JSON', 'PROTOBUF', 'AVRO'];
    if (method === 'GET' && first === 'schemas' && second === 'ids') return this.byId(Number(third));
    if (!body || method !== 'POST') throw { status: 404, code: 404, message: 'HTTP 404 Not Found' } satisfies Refusal;
    const type = body.schemaType ?? 'AVRO';
    const schema = canonical(type, body.schema);
    if (first === 'subjects' && third === undefined) return this.find(second, schema);
    if (first === 'subjects' && third === 'versions') return { id: this.register(second, type, schema) };
    if (first === 'compatibility' && fourth === 'versions') {
      const reason = this.incompatible(third ?? '', type, schema);
      return { is_compatible: reason === null, messages: reason === null ? [] : [reason] };
    }
    throw { status: 404, code: 404, message: 'HTTP 404 Not Found' } satisfies Refusal;
  }

  private byId(id: number): unknown {
    const version = [...this.subjects.values()].flat().find((one) => one.id === id);
    if (!version) throw SCHEMA_MISSING;
    return version.type === 'AVRO' ? { schema: version.schema } : { schema: version.schema, schemaType: version.type };
  }

  private find(subject: string, schema: string): unknown {
    const versions = this.subjects.get(subject);
    if (!versions) throw SUBJECT_MISSING;
    const index = versions.findIndex((one) => one.schema === schema);
    if (index < 0) throw SCHEMA_MISSING;
    return { subject, version: index + 1, ...versions[index] };
  }

  /** One schema has one id, under whatever subjects. */
  private register(subject: string, type: string, schema: string): number {
    const versions = this.subjects.get(subject) ?? [];
    const known = versions.find((one) => one.schema === schema);
    if (known) return known.id;
    const reason = versions.length > 0 ? this.incompatible(subject, type, schema) : null;
    if (reason !== null)
      throw {
        status: 409,
        code: 409,
        message: `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${reason}]`,
      } satisfies Refusal;
    const id = this.ids.get(schema) ?? this.ids.size + 1;
    this.ids.set(schema, id);
    this.subjects.set(subject, [...versions, { id, type, schema }]);
    return id;
  }

  private incompatible(subject: string, type: string, schema: string): string | null {
    const last = this.subjects.get(subject)?.at(-1);
    if (!last) throw SUBJECT_MISSING;
    if (this.compatibility === 'NONE' || type !== 'AVRO') return null;
    try {
      avsc.Type.forSchema(JSON.parse(schema)).createResolver(avsc.Type.forSchema(JSON.parse(last.schema)));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function canonical(type: string, schema: string): string {
  try {
    const parsed = JSON.parse(schema);
    if (type === 'AVRO') avsc.Type.forSchema(parsed);
    return JSON.stringify(parsed);
  } catch (error) {
    throw { status: 422, code: 42201, message: `Invalid schema ${(error as Error).message}` } satisfies Refusal;
  }
}
