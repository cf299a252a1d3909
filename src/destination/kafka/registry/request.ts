import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From the first byte that is sent to the last that is read. */
  readonly timeoutMs: number;
  /** PEM of authorities, in place of those that Node knows. */
  readonly ca: string | null;
}

export interface Reply {
  readonly status: number;
  /** What HTTP calls the status. */
  readonly reason: string;
  readonly text: string;
}

/** One request on a connection of its own. `fetch` would not take authorities. */
export function send(url: URL, { method, headers, body, timeoutMs, ca }: Question): Promise<Reply> {
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { method, headers, signal, agent: false };
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => void replyOf(response).then(resolve, reject);
    const request =
      url.protocol === 'https:'
        ? requestSecure(url, ca === null ? options : { ...options, ca }, take)
        : requestPlain(url, options, take);
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

async function replyOf(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { statusCode = 0, statusMessage = '' } = response;
  return { status: statusCode, reason: statusMessage, text: Buffer.concat(chunks).toString() };
}
