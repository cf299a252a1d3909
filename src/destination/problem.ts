/** Why a PostgreSQL value has no counterpart in a destination column. One policy per class. */
export type ProblemClass =
  | 'INFINITE_DATETIME'
  | 'BC_DATE'
  | 'YEAR_GT_9999'
  | 'TIME_24'
  | 'FLOAT_NAN'
  | 'FLOAT_INFINITY'
  | 'NUMERIC_NAN'
  | 'NUMERIC_INFINITY'
  | 'NUMERIC_OVERFLOW'
  | 'NUMERIC_SCALE'
  | 'TEXT_TOO_LONG'
  | 'TEXT_KEY_TOO_LONG'
  | 'PACKET_TOO_LARGE'
  | 'MALFORMED';

/**
 * Thrown by `ColumnCodec.encode`, which knows only the value. Whoever encodes a row turns it into a Pg2anyError
 * VALUE_UNREPRESENTABLE that also names table, key and column. `MALFORMED` is text that is not of the column's type:
 * a setting of the source session was lost, or a defect.
 */
export class ValueProblem extends Error {
  override readonly name = 'ValueProblem';
  readonly problem: ProblemClass;

  /** `message` completes the sentence "the value …", such as `has 31 fraction digits, the column holds 30`. */
  constructor(problem: ProblemClass, message: string) {
    super(message);
    this.problem = problem;
  }
}
