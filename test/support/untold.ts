import type { Untold } from '../../src/pipeline/told.ts';

/** A source whose stream tells everything. */
export const NOTHING_UNTOLD: Untold = {
  missingValues: async () => new Map(),
  hasValues: async () => false,
  copyAgain: () => Promise.reject(new Error('nothing is copied here')),
};
