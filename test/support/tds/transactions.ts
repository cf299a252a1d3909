import type { TransactionState } from './response.ts';

/** Descriptors count from 1; ending what never began ends 0. */
export class Transactions implements TransactionState {
  private last = 0n;
  private open = 0n;

  begin(): bigint {
    this.last += 1n;
    this.open = this.last;
    return this.open;
  }

  end(): bigint {
    const ended = this.open;
    this.open = 0n;
    return ended;
  }
}
