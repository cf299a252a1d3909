import type { TableState } from '../model/checkpoint.ts';
import type { TableCopy } from '../model/destination.ts';
import { type Lsn, minLsn } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';
import type { Rows } from '../model/value.ts';
import type { Branch } from './branch.ts';
import { together } from './together.ts';

/** The copy of one table into those destinations that do not have it yet. */
export class FanOutCopy implements TableCopy {
  readonly lanes: number;
  /** Those that have the table already need its changes from before this copy. */
  readonly since: Lsn;
  private readonly copies: readonly TableCopy[];
  private readonly finished: () => void;

  private constructor(copies: readonly TableCopy[], since: Lsn, finished: () => void) {
    this.copies = copies;
    this.lanes = Math.min(...copies.map(({ lanes }) => lanes));
    this.since = since;
    this.finished = finished;
  }

  static async start(branches: readonly Branch[], relation: Relation, state: TableState): Promise<FanOutCopy> {
    const missing = branches.filter((branch) => !branch.hasCopied(relation.oid));
    const since = branches.reduce((lsn, branch) => {
      const own = branch.hasCopied(relation.oid) ? branch.states.get(relation.oid)?.snapshot : undefined;
      return own === undefined ? lsn : minLsn(lsn, own);
    }, state.snapshot);
    const copies = await together(missing, ({ destination }) => destination.copy(relation, state));
    return new FanOutCopy(copies, since, () => {
      for (const branch of missing) branch.copied(state);
    });
  }

  async write(rows: Rows): Promise<void> {
    await together(this.copies, (copy) => copy.write(rows));
  }

  async finish(): Promise<void> {
    await together(this.copies, (copy) => copy.finish());
    this.finished();
  }

  async close(): Promise<void> {
    await together(this.copies, (copy) => copy.close());
  }
}
