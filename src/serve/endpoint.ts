import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pg2anyError } from '../model/error.ts';
import { json, type Overview, type Page, Pages } from './pages.ts';
import type { View } from './view.ts';

export interface EndpointOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly view: View;
  readonly overview: Overview;
  /** Applied to all JSON that is written; metrics hold names and numbers only. */
  readonly hide: (text: string) => string;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Answers what is under way, then lets go. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 64;
const REQUEST_MS = 10_000;
/** How long a reader may take to read the last answer. */
const FAREWELL_MS = 500;

async function pageOf(request: IncomingMessage, pages: Pages): Promise<Page> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'only GET and HEAD' });
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  return await pages.answer(pathname, searchParams);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
  hide: EndpointOptions['hide'],
) {
  const failed = (error: unknown) => json(500, { error: error instanceof Error ? error.message : String(error) });
  const { code, type, body } = await pageOf(request, pages).catch(failed);
  response.writeHead(code, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(code === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : type.startsWith('application/json') ? hide(body) : body);
}

const listening = (server: Server, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'the address is in use' : cause.message;
      reject(new Pg2anyError('HTTP_UNAVAILABLE', `cannot answer probes at ${host}:${port}: ${why}`, { cause }));
    });
    server.listen({ host, port }, () => resolve(server.address() as AddressInfo));
  });

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), FAREWELL_MS);
  await closed;
  clearTimeout(impatient);
}

/** Answers probes, status and metrics. Rejects with HTTP_UNAVAILABLE where it cannot listen. */
export async function openEndpoint({ host, port, view, overview, hide }: EndpointOptions): Promise<Endpoint> {
  const pages = new Pages(view, overview);
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    response.on('error', () => undefined);
    void respond(request, response, pages, hide);
  });
  server.maxConnections = MOST_CONNECTIONS;
  const bound = await listening(server, host, port);
  server.on('error', () => undefined);
  server.unref();
  return { host, port: bound.port, close: () => close(server) };
}
