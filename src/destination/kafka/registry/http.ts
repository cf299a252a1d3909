import type { RegistrySettings } from '../../../model/kafka.ts';
import { pem } from '../transport/tls.ts';
import { failed, type Problem, unreachable } from './errors.ts';
import { type Reply, send } from './request.ts';

/** Milliseconds. */
export interface Limits {
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

export type Answer = { readonly json: unknown } | { readonly problem: Problem };

/** A registry answers at once, or something is wrong with it. */
const LONGEST_MS = 30_000;

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

/** Problems that are about what was asked, not about who was asked. */
const ABOUT_THE_QUESTION: ReadonlySet<number> = new Set([404, 409, 422]);

/** Asks a registry that has several addresses. */
export class RegistryHttp {
  private readonly urls: readonly URL[];
  private readonly headers: Readonly<Record<string, string>>;
  private readonly timeoutMs: number;
  private readonly ca: string | null;
  /** Index of the address that answered last. */
  private current = 0;

  constructor(settings: RegistrySettings, { connectTimeoutMs, queryTimeoutMs }: Limits) {
    this.urls = settings.urls;
    this.ca = pem('kafka.registry.sslCa', settings.sslCa);
    this.timeoutMs = Math.min(connectTimeoutMs, queryTimeoutMs, LONGEST_MS);
    this.headers = {
      Accept: `${MEDIA_TYPE}, application/json`,
      'Content-Type': MEDIA_TYPE,
      ...authorization(settings),
    };
  }

  /** Host and path of the address in use, for people. */
  get display(): string {
    return displayOf(this.urls[this.current]);
  }

  /**
   * Addresses in turn, the last good one first, until one answers. Rejects with DESTINATION_UNREACHABLE, which is worth
   * another try, _AUTH, _PRIVILEGE or _UNSUITABLE: the first address's reason.
   */
  async ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    let reason: Error | null = null;
    for (let tried = 0; tried < this.urls.length; tried++) {
      const answer = await this.once(this.urls[this.current] as URL, method, path, body);
      if (!(answer instanceof Error)) return answer;
      reason ??= answer;
      this.current = (this.current + 1) % this.urls.length;
    }
    throw reason;
  }

  /** An error where another address may do better. */
  private async once(url: URL, method: 'GET' | 'POST', path: string, body: unknown): Promise<Answer | Error> {
    const where = displayOf(url);
    try {
      const reply = await send(new URL(`${url.href.replace(/\/$/, '')}/${path}`), {
        ...{ method, headers: this.headers, timeoutMs: this.timeoutMs, ca: this.ca },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const answer = read(reply);
      if ('json' in answer) return answer;
      return isAnswered(answer.problem) ? answer : failed(where, answer.problem);
    } catch (error) {
      return unreachable(where, error);
    }
  }
}

const displayOf = (url: URL | undefined): string => (url ? url.host + url.pathname.replace(/\/$/, '') : '');

/** A bare 404 is that of a server which is no registry, or not at this path. */
const isAnswered = ({ status, code }: Problem): boolean =>
  ABOUT_THE_QUESTION.has(status) && !(status === 404 && code <= 404);

function authorization({ user, password, token }: RegistrySettings): Readonly<Record<string, string>> {
  if (token !== null) return { Authorization: `Bearer ${token}` };
  if (user === null) return {};
  return { Authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

function read({ status, reason, text }: Reply): Answer {
  const ok = status >= 200 && status < 300;
  const json = parsed(text);
  if (ok && json !== undefined) return { json };
  const { error_code: code, message } = (json ?? {}) as { error_code?: unknown; message?: unknown };
  const said = typeof message === 'string' && message ? message : reason || 'nothing';
  return {
    problem: { status, code: typeof code === 'number' ? code : 0, message: ok ? 'the answer is not JSON' : said },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
