import type { ProblemClass } from '../model/mapping.ts';

export type { ProblemClass } from '../model/mapping.ts';

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
