import { ValueProblem } from '../../src/destination/problem.ts';

/** The class of the ValueProblem that `act` throws; null where it throws none. */
export function problemOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof ValueProblem) return error.problem;
    throw error;
  }
}
