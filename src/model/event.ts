/** Something worth a line in the log: rare, never per row. */
export interface LogEvent {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly at: number;
  readonly severity: 'ok' | 'info' | 'warn' | 'error';
  /** Stable name, such as `copy.finished`. */
  readonly event: string;
  /** One sentence for people. */
  readonly message: string;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

export type Emit = (event: Omit<LogEvent, 'at'>) => void;
