import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerName, SharedServer, SharedServers } from './shared-servers.ts';

/** Lets the test processes ask the process that owns the servers for one; it starts on the first request. */
export async function startBroker(servers: SharedServers): Promise<{ url: string; close(): void }> {
  const token = randomBytes(16).toString('hex');
  const listener = createServer((request, response) => {
    const [, given, name] = (request.url ?? '').split('/');
    if (given !== token || !name) return void response.writeHead(404).end();
    const reply = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    servers.get(name as ServerName).then(
      (server) => reply(200, server),
      (error: unknown) => reply(503, { reason: error instanceof Error ? error.message : String(error) }),
    );
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    close() {
      listener.closeAllConnections();
      listener.close();
    },
  };
}

export async function askBroker(url: string, name: ServerName): Promise<SharedServer> {
  const response = await fetch(url + name);
  const body = (await response.json()) as SharedServer & { reason?: string };
  if (!response.ok) throw new Error(`${name} is not available: ${body.reason}`);
  return body;
}
