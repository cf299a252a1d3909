import { describe } from 'vitest';
import { checkpointContract } from './checkpoint.ts';
import { keyedContract } from './keyed.ts';
import { keylessContract } from './keyless.ts';
import type { OpenPlace } from './place.ts';
import { transactionContract } from './transactions.ts';

/** What every destination must do. `open` gives a fresh place each time it is called. */
export function destinationContract(name: string, open: OpenPlace): void {
  describe(`${name}: checkpoint and fence`, () => checkpointContract(open));
  describe(`${name}: transactions in pieces`, () => transactionContract(open));
  describe(`${name}: tables with a key`, () => keyedContract(open));
  describe(`${name}: tables without a key`, () => keylessContract(open));
}
