import { connect, type Socket } from 'node:net';
import { Pg2anyError } from '../model/error.ts';
import type { LogEvent } from '../model/event.ts';
import type { Status } from '../status/status.ts';
import { type Message, PROTOCOL, type Request, readMessage, splitter, writeRequest } from './messages.ts';
import { type Pipeline, pathsOf, pidOf } from './place.ts';

type Hello = Extract<Message, { type: 'hello' }>;

/** A connection to a running process. */
export interface Attached {
  readonly pid: number;
  readonly slot: string;
  /** Begins with the events of the last while; then a status four times a second. Once. */
  subscribe(onStatus: (status: Status) => void, onEvent: (event: LogEvent) => void): void;
  /** Rejects with the reason where the process does not do it. */
  request(request: Exclude<Request, 'watch'>): Promise<void>;
  /** The last status of a process that ended in order; null where the connection just broke, or was closed here. */
  readonly ended: Promise<Status | null>;
  /** Goes away; the process goes on. */
  close(): void;
}

/** Far more than a status of thousands of tables. */
const LONGEST_LINE = 1 << 26;
const GREETING_MS = 2000;

class Connection implements Attached {
  readonly ended: Promise<Status | null>;
  private readonly socket: Socket;
  private readonly waiting: ((problem: string | null) => void)[] = [];
  private onStatus: (status: Status) => void = () => undefined;
  private onEvent: (event: LogEvent) => void = () => undefined;
  private hello: Hello | null = null;
  private farewell: Status | null = null;

  constructor(socket: Socket, onHello: (hello: Hello) => void) {
    this.socket = socket;
    socket.setEncoding('utf8');
    const take = (line: string): void => {
      const message = readMessage(line);
      if (message?.type === 'hello') {
        this.hello = message;
        onHello(message);
      } else if (message) this.take(message);
    };
    socket.on(
      'data',
      splitter(take, LONGEST_LINE, () => socket.destroy()),
    );
    this.ended = new Promise((resolve) =>
      socket.on('close', () => {
        for (const done of this.waiting.splice(0)) done('the process ended before it answered');
        resolve(this.farewell);
      }),
    );
  }

  /** Known from the greeting on. */
  get process(): Hello {
    if (!this.hello) throw new Pg2anyError('INTERNAL', 'a process is asked before it said who it is');
    return this.hello;
  }

  get pid(): number {
    return this.process.pid;
  }

  get slot(): string {
    return this.process.slot;
  }

  subscribe(onStatus: (status: Status) => void, onEvent: (event: LogEvent) => void): void {
    this.onStatus = onStatus;
    this.onEvent = onEvent;
    void this.ask('watch');
  }

  async request(request: Exclude<Request, 'watch'>): Promise<void> {
    const problem = await this.ask(request);
    if (problem !== null) throw new Error(problem);
  }

  close(): void {
    this.socket.destroy();
  }

  private ask(request: Request): Promise<string | null> {
    if (this.socket.destroyed) return Promise.resolve('the process has ended');
    this.socket.write(writeRequest(request));
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private take(message: Exclude<Message, Hello>): void {
    const { type, ...rest } = message;
    if (type === 'status') this.onStatus(rest as Status);
    else if (type === 'event') this.onEvent(rest as LogEvent);
    else if (type === 'end') this.farewell = rest as Status;
    else if (message.type === 'answer') this.waiting.shift()?.(message.problem);
  }
}

/** Null where nobody listens; a text where somebody does, to whom we cannot talk. */
function greet(path: string): Promise<Connection | string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const giveUp = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    const name = `the pg2any with pid ${pidOf(path)}`;
    const timer = setTimeout(() => giveUp(`${name} does not answer`), GREETING_MS);
    socket.on('error', () => giveUp(null));
    socket.on('close', () => clearTimeout(timer));
    const connection = new Connection(socket, ({ protocol }) => {
      clearTimeout(timer);
      if (protocol === PROTOCOL) resolve(connection);
      else giveUp(`${name} is of another version, which speaks differently`);
    });
  });
}

/** A process that waits for another one's slot comes after that other one. */
const LAST = 2 ** 50;
const rank = ({ process: { phase, startedAt } }: Connection): number => startedAt + (phase === 'retrying' ? LAST : 0);

type Environment = Readonly<Record<string, string | undefined>>;

/** Everybody who answers, in the order of `rank`; throws NOT_ATTACHED where nobody does. */
async function greetAll(pipeline: Pipeline | null, environment: Environment, nobody: string): Promise<Connection[]> {
  const all = await Promise.all(pathsOf(pipeline, environment).map(greet));
  const found = all.filter((one) => one instanceof Connection);
  if (found.length > 0) return found.sort((a, b) => rank(a) - rank(b));
  const problem = all.find((one) => typeof one === 'string');
  const hint = 'Restart it with the pg2any of this terminal, or wait until it is less busy.';
  throw new Pg2anyError('NOT_ATTACHED', problem ?? nobody, problem ? { hint } : {});
}

function onlyFirst([first, ...others]: readonly Connection[]): Attached | undefined {
  for (const other of others) other.close();
  return first;
}

/**
 * Connects to the process of this user that works on the pipeline on this machine. Throws NOT_ATTACHED where there is
 * none, or it cannot be talked to.
 */
export async function attach(pipeline: Pipeline, environment: Environment): Promise<Attached> {
  const nobody = `no pg2any of this user works on slot ${pipeline.slot} on this machine`;
  const found = await greetAll(pipeline, environment, nobody);
  return onlyFirst(found) ?? missing(nobody);
}

/** As `attach`, for whoever does not know the source: the one pipeline there is, or the one of this slot. */
export async function attachAny(slot: string | null, environment: Environment): Promise<Attached> {
  const nobody = `no pg2any of this user ${slot === null ? 'runs' : `works on slot ${slot}`} on this machine`;
  const all = await greetAll(null, environment, nobody);
  const found = all.filter((one) => slot === null || one.slot === slot);
  const slots = [...new Set(found.map((one) => one.slot))];
  if (slots.length === 1) return onlyFirst([...found, ...all.filter((one) => !found.includes(one))]) ?? missing(nobody);
  for (const one of all) one.close();
  if (slots.length === 0) return missing(nobody);
  throw new Pg2anyError('NOT_ATTACHED', `several pipelines run on this machine, with the slots ${slots.join(', ')}`, {
    hint: 'Name one with --slot, or its configuration with --env or --config.',
  });
}

function missing(message: string): never {
  throw new Pg2anyError('NOT_ATTACHED', message);
}
