import { type Code, ERROR_CODES, type ErrorCode } from './error-codes.ts';
import type { ProblemClass } from './mapping.ts';

/** The one error class. `message` says what happened here; the code's table says what follows from it. */
export class Pg2anyError extends Error {
  override readonly name = 'Pg2anyError';
  readonly code: Code;
  /** What the user can do, specific to this case where it is known. */
  readonly hint: string;
  /** Told by this, it is worth one more attempt, which sees the source's types as they are by then. Null: it is not. */
  readonly lookAgain: string | null;
  /** Of a value that was refused; null where it is about something else. */
  readonly problem: ProblemClass | null;

  constructor(
    code: Code,
    message: string,
    options: { hint?: string; cause?: unknown; lookAgain?: string | null; problem?: ProblemClass | null } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERROR_CODES[code].todo;
    this.lookAgain = options.lookAgain ?? null;
    this.problem = options.problem ?? null;
  }

  get retry(): boolean {
    return this.entry.retry;
  }

  get exitCode(): number {
    return this.entry.exit;
  }

  get entry(): ErrorCode {
    return ERROR_CODES[this.code];
  }
}

/** Anything thrown, as a Pg2anyError; what nobody classified is a defect. */
export function asPg2anyError(error: unknown, code: Code = 'INTERNAL'): Pg2anyError {
  if (error instanceof Pg2anyError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Pg2anyError(code, message || 'unknown error', { cause: error });
}
