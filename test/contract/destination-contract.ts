import { describe } from 'vitest';
import type { EngineName } from '../support/type-vectors.ts';
import { checkpointContract } from './checkpoint.ts';
import { copyContract } from './copy.ts';
import { hashedKeyContract } from './hashed-keys.ts';
import { keyedContract } from './keyed.ts';
import { keylessContract } from './keyless.ts';
import { optionContract } from './options.ts';
import { orderedContract } from './ordered.ts';
import type { OpenPlace } from './place.ts';
import { policyContract } from './policies.ts';
import { randomContract } from './random.ts';
import { tableContract } from './tables.ts';
import { transactionContract } from './transactions.ts';
import { valueContract } from './values.ts';

/** What every destination must do. `open` gives a fresh place each time it is called. */
export function destinationContract(name: string, engine: EngineName, open: OpenPlace): void {
  describe(`${name}: checkpoint and fence`, () => checkpointContract(open));
  describe(`${name}: transactions in pieces`, () => transactionContract(open));
  describe(`${name}: tables with a key`, () => keyedContract(open));
  describe(`${name}: tables without a key`, () => keylessContract(open));
  describe(`${name}: tables with more than a copy`, () => orderedContract(open));
  describe(`${name}: making and taking tables`, () => tableContract(open));
  describe(`${name}: initial copy`, () => copyContract(open));
  describe(`${name}: any changes`, () => randomContract(open));
  describe(`${name}: keys by their hash`, () => hashedKeyContract(open));
  describe(`${name}: chosen types`, () => optionContract(engine, open));
  describe(`${name}: policies`, () => policyContract(engine, open));
  describe(`${name}: values`, () => valueContract(engine, open));
}
