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
  /** Those that have the table already, or rows of an earlier copy, need its changes from before this copy. */
  readonly since: Lsn;
  private readonly copies: readonly Part[];
  private readonly state: TableState;

  private constructor(copies: readonly Part[], since: Lsn, state: TableState) {
    this.copies = copies;
    this.lanes = Math.min(...copies.map(({ copy }) => copy.lanes));
    this.since = since;
    this.state = state;
  }

  static async start(branches: readonly Branch[], relation: Relation, state: TableState): Promise<FanOutCopy> {
    const missing = branches.filter((branch) => !branch.hasCopied(relation.oid));
    const since = branches.reduce((lsn, branch) => {
      const own = branch.hasCopied(relation.oid) ? branch.states.get(relation.oid)?.snapshot : undefined;
      return own === undefined ? lsn : minLsn(lsn, own);
    }, state.snapshot);
    const copies = await together(missing, async (branch) => {
      const copy = await branch.does((destination) => destination.copy(relation, state));
      return { branch, copy };
    });
    return new FanOutCopy(
      copies,
      copies.reduce((lsn, { copy }) => minLsn(lsn, copy.since ?? lsn), since),
      state,
    );
  }

  async write(rows: Rows): Promise<void> {
    await together(this.copies, ({ branch, copy }) => branch.does(() => copy.write(rows)));
  }

  /** Where it fails in one of them, the others have the table. */
  async finish(): Promise<void> {
    await together(this.copies, async ({ branch, copy }) => {
      await branch.does(() => copy.finish());
      branch.copied({ ...this.state, snapshot: copy.since ?? this.state.snapshot });
    });
  }

  async close(): Promise<void> {
    await together(this.copies, ({ copy }) => copy.close());
  }
}

interface Part {
  readonly branch: Branch;
  readonly copy: TableCopy;
}
