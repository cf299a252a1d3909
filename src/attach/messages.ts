import type { LogEvent } from '../model/event.ts';
import type { Phase, Status } from '../status/status.ts';

/** Raised when a line changes its meaning; lines and fields that are only added do not count. */
export const PROTOCOL = 1;

export const REQUESTS = ['watch', 'pause', 'resume', 'stop'] as const;
export type Request = (typeof REQUESTS)[number];

/** What a listening process writes, one JSON object a line. */
export type Message =
  | {
      readonly type: 'hello';
      readonly protocol: number;
      readonly pid: number;
      readonly startedAt: number;
      readonly slot: string;
      readonly phase: Phase;
    }
  | ({ readonly type: 'status' } & Status)
  | ({ readonly type: 'event' } & LogEvent)
  /** Whether a request was met; `problem` says why not. */
  | { readonly type: 'answer'; readonly request: string; readonly problem: string | null }
  /** The last line of a process that ends in order. */
  | ({ readonly type: 'end' } & Status);

/** Words of ours, which no secret is looked for in: one that happens to be the same would make them unreadable. */
const OURS = new Set(['type', 'phase', 'state', 'severity', 'event', 'request', 'code', 'class', 'policy']);

/** `hide` is applied to every text of the message. */
export function writeMessage(message: Message, hide: (text: string) => string): string {
  const hidden = (key: string, value: unknown): unknown =>
    typeof value === 'string' && !OURS.has(key) ? hide(value) : value;
  return `${JSON.stringify(message, hidden)}\n`;
}

/** What is asked of it, in a line `{"request":"pause"}`; null for anything else. */
export function readRequest(line: string): Request | null {
  try {
    const { request } = JSON.parse(line) as { request?: unknown };
    return REQUESTS.find((one) => one === request) ?? null;
  } catch {
    return null;
  }
}

export const writeRequest = (request: Request): string => `${JSON.stringify({ request })}\n`;

/** Null for a line that is none. */
export function readMessage(line: string): Message | null {
  try {
    const message = JSON.parse(line) as Message | null;
    return typeof message === 'object' && message !== null && typeof message.type === 'string' ? message : null;
  } catch {
    return null;
  }
}

/** Cuts what arrives into lines. `onLine` is called without the line break; a longer line than `limit` ends it. */
export function splitter(onLine: (line: string) => void, limit: number, onTooLong: () => void) {
  let rest = '';
  return (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > limit) onTooLong();
  };
}
