/** What a case does while its slot is streamed. */
export interface Workshop {
  /** Three connections: each runs its statements in order, without a transaction unless they open one. */
  sql(...statements: readonly string[]): Promise<void>;
  second(...statements: readonly string[]): Promise<void>;
  third(...statements: readonly string[]): Promise<void>;
  /** Until that many messages with this tag came; 'S' counts the transactions that are streamed. */
  seen(tag: string, times: number): Promise<void>;
  /** Major version of the server. */
  readonly version: number;
}

/** One recording: tables, a publication of them, then changes. */
export interface Case {
  readonly name: string;
  /** First major version that can do it. */
  readonly since?: number;
  readonly protocol?: number;
  readonly streaming?: 'on' | 'parallel';
  readonly twoPhase?: boolean;
  readonly setup: readonly string[];
  /** What follows CREATE PUBLICATION name. */
  readonly publication: string | ((version: number) => string);
  run(workshop: Workshop): Promise<void>;
  /** A query whose rows the stream must agree with. */
  readonly select?: string;
}
