import { type Logger, pino } from 'pino';
import type { LogEvent } from '../model/event.ts';
import { type Level, levelOf } from './level.ts';

/** Where an event stands in the stream: what is durable, and how many batches were applied. */
export interface Place {
  readonly lsn: string;
  readonly batch: number;
}

export interface JsonLinesOptions {
  /** Null before it is known. */
  readonly slot: string | null;
  /** Takes one line without its end. */
  readonly write: (line: string) => void;
  readonly place: () => Place | null;
}

/** One JSON object a line: `level`, `time` (ISO 8601), `pid`, `slot`, `event`, `lsn`, `batch`, data, `message`. */
export function jsonLines({ slot, write, place }: JsonLinesOptions) {
  const log: Logger = pino(
    {
      level: 'debug' satisfies Level,
      base: null,
      timestamp: false,
      messageKey: 'message',
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line) => write(line.trimEnd()) },
  );
  return (event: LogEvent, data: object = {}, level: Level = levelOf(event.severity)): void => {
    const time = new Date(event.at).toISOString();
    log[level]({ time, pid: process.pid, slot, event: event.event, ...place(), ...event.data, ...data }, event.message);
  };
}
