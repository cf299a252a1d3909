import type { LogEvent } from '../model/event.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

const RANK: Readonly<Record<Level, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

/** What went well is worth as much as what is told. */
export const levelOf = (severity: LogEvent['severity']): Level => (severity === 'ok' ? 'info' : severity);

/** The least severe messages that are written; changeable while it runs. */
export class Dial {
  private readonly usual: Level;
  private now: Level;

  constructor(usual: Level) {
    this.usual = usual;
    this.now = usual;
  }

  get level(): Level {
    return this.now;
  }

  allows(level: Level): boolean {
    return RANK[level] >= RANK[this.now];
  }

  /** Between `debug` and the configured level; between `debug` and `info` where that is `debug`. */
  toggle(): Level {
    this.now = this.now === 'debug' ? (this.usual === 'debug' ? 'info' : this.usual) : 'debug';
    return this.now;
  }
}
