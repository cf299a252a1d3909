import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Looks at what the server sent; false drops the connection before the client sees it, bytes replace it. */
export type ServerDataHook = (data: Buffer, link: Link) => Buffer | boolean;
/** The same for what the client sends: false drops the connection before the server sees it, bytes replace it. */
export type ClientDataHook = (data: Buffer, link: Link) => Buffer | boolean;

/** One connection through the proxy; byte counts start at 0. */
export interface Link {
  readonly id: number;
  readonly fromServer: number;
  readonly fromClient: number;
  /** Ends both sides with RST. */
  reset(): void;
}

export interface FaultProxy {
  readonly port: number;
  /** The same address, through the proxy. */
  url(of: string): string;
  /** Bytes stay in the socket buffers, both ways; connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Freezes what is open; new connections pass: the network forgot about the old ones. */
  strand(): void;
  /** RST to the clients only: the server goes on believing in them. */
  orphan(): void;
  /** RST to everybody. */
  reset(): void;
  /** New connections are reset at once; open ones stay. */
  refuse(): void;
  accept(): void;
  /** Lets this many more bytes of the server through, over all connections, then resets. */
  cutAfterBytes(count: number): void;
  onServerData(hook: ServerDataHook | null): void;
  onClientData(hook: ClientDataHook | null): void;
  /** Open now. */
  readonly connections: number;
  /** Ever accepted. */
  readonly accepted: number;
  close(): Promise<void>;
}

class Connection implements Link {
  readonly id: number;
  readonly client: Socket;
  readonly server: Socket;
  fromServer = 0;
  fromClient = 0;
  /** Nothing passes any more, not even that a side is gone. */
  stranded = false;

  constructor(id: number, client: Socket, server: Socket) {
    this.id = id;
    this.client = client;
    this.server = server;
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  pause(): void {
    this.client.pause();
    this.server.pause();
  }

  resume(): void {
    this.client.resume();
    this.server.resume();
  }
}

interface State {
  frozen: boolean;
  refusing: boolean;
  left: number;
  onServer: ServerDataHook | null;
  onClient: ClientDataHook | null;
}

/** A loopback TCP proxy that breaks connections in the ways that networks do. */
export async function startProxy(host: string, port: number): Promise<FaultProxy> {
  const links = new Set<Connection>();
  const state: State = { frozen: false, refusing: false, left: Infinity, onServer: null, onClient: null };
  let accepted = 0;
  // Half-open, so that an end in one direction is passed on as that and no more.
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined);
    if (state.refusing) {
      client.resetAndDestroy();
      return;
    }
    const link = new Connection(++accepted, client, connect({ host, port, allowHalfOpen: true, noDelay: true }));
    client.setNoDelay(true);
    join(link, state, links);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const own = (listener.address() as AddressInfo).port;
  const each = (act: (link: Connection) => void) => {
    for (const link of [...links]) act(link);
  };
  return {
    port: own,
    url: (of) => throughPort(of, own),
    freeze() {
      state.frozen = true;
      each((link) => link.pause());
    },
    thaw() {
      state.frozen = false;
      each((link) => link.resume());
    },
    strand: () =>
      each((link) => {
        link.stranded = true;
        link.pause();
      }),
    orphan: () =>
      each((link) => {
        link.server.removeAllListeners('data').pause();
        link.client.resetAndDestroy();
      }),
    reset: () => each((link) => link.reset()),
    refuse() {
      state.refusing = true;
    },
    accept() {
      state.refusing = false;
    },
    cutAfterBytes(count) {
      state.left = count;
    },
    onServerData(hook) {
      state.onServer = hook;
    },
    onClientData(hook) {
      state.onClient = hook;
    },
    get connections() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    async close() {
      const closed = new Promise<void>((done) => listener.close(() => done()));
      each((link) => link.reset());
      await closed;
    },
  };
}

function throughPort(of: string, port: number): string {
  const url = new URL(of);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

function join(link: Connection, state: State, links: Set<Connection>): void {
  links.add(link);
  const { client, server } = link;
  client.on('data', (data) => {
    link.fromClient += data.length;
    const answer = state.onClient ? state.onClient(data, link) : true;
    if (answer === false) link.reset();
    else forward(answer === true ? data : answer, client, server);
  });
  server.on('data', (data) => {
    link.fromServer += data.length;
    fromServer(data, link, state);
  });
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on('end', () => link.stranded || to.end());
    from.on('drain', () => state.frozen || link.stranded || to.resume());
    // An RST is passed on as one: a closed peer must not look like a polite end.
    from.on('error', () => link.stranded || to.resetAndDestroy());
    from.on('close', () => {
      if (client.destroyed && server.destroyed) links.delete(link);
    });
  }
  if (state.frozen) link.pause();
}

function fromServer(data: Buffer, link: Connection, state: State): void {
  const answer = state.onServer ? state.onServer(data, link) : true;
  if (answer === false) {
    link.reset();
    return;
  }
  const passed = answer === true ? data : answer;
  if (passed.length > state.left) {
    link.client.write(passed.subarray(0, state.left), () => link.reset());
    state.left = Infinity;
    return;
  }
  state.left -= passed.length;
  forward(passed, link.server, link.client);
}

/** Backpressure passes through: a slow reader slows the writer, as without a proxy. */
function forward(data: Buffer, from: Socket, to: Socket): void {
  if (!to.write(data)) from.pause();
}
