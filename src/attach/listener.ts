import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { LogEvent } from '../model/event.ts';
import type { Status } from '../status/status.ts';
import { type Message, PROTOCOL, type Request, readRequest, splitter, writeMessage } from './messages.ts';
import { folders, ownPath, type Pipeline, pathsOf, pidOf, prepareFolder } from './place.ts';

/** What the process lets others do and see. */
export interface Attachable {
  /** A fresh status; rates are over the time since `before`. */
  look(before: Status | null): Status;
  /** Drains and ends, as SIGTERM does. */
  stop(): void;
  pause?(): void;
  resume?(): void;
}

export interface Listener {
  /** Passed on, and kept for those who come later. */
  event(event: LogEvent): void;
  /** Says farewell and removes the socket. */
  end(status: Status | null): Promise<void>;
  /** Why nobody can attach; null where they can. */
  readonly problem: string | null;
}

export interface ListenerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Applied to every text that is written. */
  readonly hide: (text: string) => string;
}

const STATUS_MS = 250;
const BACKLOG = 200;
const LONGEST_REQUEST = 4096;
/** A reader that is this far behind gets no status until it has caught up, and is let go when it falls further. */
const BEHIND = 1 << 18;
const TOO_FAR_BEHIND = 1 << 22;
/** At once; more than anybody has terminals for one process. */
const MOST = 32;
/** How long readers may take to read the last lines. */
const FAREWELL_MS = 500;

/** The listening side: what is watched costs a sample a quarter of a second, what is not costs nothing. */
class Room {
  readonly server: Server;
  private readonly what: Attachable;
  private readonly hide: ListenerOptions['hide'];
  private readonly backlog: LogEvent[] = [];
  private readonly all = new Set<Socket>();
  private readonly watching = new Set<Socket>();
  private timer: NodeJS.Timeout | null = null;
  private last: Status | null = null;

  constructor(what: Attachable, hide: ListenerOptions['hide']) {
    this.what = what;
    this.hide = hide;
    this.server = createServer((socket) => this.welcome(socket));
    this.server.on('error', () => undefined);
    this.server.maxConnections = MOST;
    this.server.unref();
  }

  event(event: LogEvent): void {
    this.backlog.push(event);
    if (this.backlog.length > BACKLOG) this.backlog.shift();
    for (const socket of this.watching) this.send(socket, { type: 'event', ...event });
  }

  async end(status: Status | null): Promise<void> {
    this.rest();
    if (status) for (const socket of this.all) this.send(socket, { type: 'end', ...status });
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.all) socket.destroySoon();
    const impatient = setTimeout(() => this.all.forEach((socket) => void socket.destroy()), FAREWELL_MS);
    await closed;
    clearTimeout(impatient);
  }

  private welcome(socket: Socket): void {
    this.all.add(socket);
    socket.unref();
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => this.forget(socket));
    const take = (line: string): void => this.answer(socket, line);
    socket.on(
      'data',
      splitter(take, LONGEST_REQUEST, () => socket.destroy()),
    );
    const { startedAt, slot, phase } = this.what.look(null);
    this.send(socket, { type: 'hello', protocol: PROTOCOL, pid: process.pid, startedAt, slot, phase });
  }

  private forget(socket: Socket): void {
    this.all.delete(socket);
    this.watching.delete(socket);
    if (this.watching.size === 0) this.rest();
  }

  private answer(socket: Socket, line: string): void {
    const request = readRequest(line);
    const problem = request ? this.meet(socket, request) : 'there is no such request';
    this.send(socket, { type: 'answer', request: request ?? line.slice(0, 40), problem });
  }

  /** Null, or why the request cannot be met. */
  private meet(socket: Socket, request: Request): string | null {
    if (request === 'watch') {
      this.watch(socket);
      return null;
    }
    const act = this.what[request]?.bind(this.what);
    if (!act) return `this process cannot ${request}`;
    act();
    return null;
  }

  private watch(socket: Socket): void {
    if (this.watching.has(socket)) return;
    for (const event of this.backlog) this.send(socket, { type: 'event', ...event });
    this.watching.add(socket);
    this.timer ??= setInterval(() => this.refresh(), STATUS_MS);
    this.timer.unref();
    this.refresh();
  }

  private refresh(): void {
    this.last = this.what.look(this.last);
    const ready = [...this.watching].filter((socket) => socket.writableLength < BEHIND);
    for (const socket of ready) this.send(socket, { type: 'status', ...this.last });
  }

  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.last = null;
  }

  private send(socket: Socket, message: Message): void {
    if (socket.writableLength > TOO_FAR_BEHIND) socket.destroy();
    else socket.write(writeMessage(message, this.hide));
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A process that was killed leaves its socket behind: nobody listens there, and nobody has its pid. */
function sweep(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.destroy());
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' && !isRunning(pidOf(path))) rmSync(path, { force: true });
    });
    socket.on('close', () => resolve());
  });
}

const listening = (server: Server, path: string): Promise<string | null> =>
  new Promise((resolve) => {
    server.once('error', (error) => resolve(error.message));
    server.listen(path, () => {
      // The folder is ours alone already; on Windows there is no file.
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      resolve(null);
    });
  });

async function open(server: Server, pipeline: Pipeline, environment: ListenerOptions['environment']) {
  // Also what other pipelines left: nobody else may ever look for them.
  await Promise.all(pathsOf(null, environment).map(sweep));
  let problem: string | null = null;
  for (const folder of folders(environment)) {
    const path = ownPath(folder, pipeline);
    problem = prepareFolder(folder) ?? (path ? await listening(server, path) : `${folder} is too long for a socket`);
    if (problem === null) return null;
  }
  return problem;
}

/** Lets others of this user, on this machine, look at the process. Never throws: without it the process works too. */
export async function listen(what: Attachable, pipeline: Pipeline, options: ListenerOptions): Promise<Listener> {
  const room = new Room(what, options.hide);
  const problem = await open(room.server, pipeline, options.environment);
  return {
    event: (event) => room.event(event),
    end: (status) => room.end(status),
    problem,
  };
}
