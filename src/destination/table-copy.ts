import type { TableState } from '../model/checkpoint.ts';
import type { TableCopy } from '../model/destination.ts';
import type { Rows } from '../model/value.ts';
import { type Adjuster, adjustRows, type Lost } from './adjust.ts';
import type { Session, Target } from './contract.ts';
import type { Exclusive } from './exclusive.ts';
import { inTransaction, type Ledger } from './ledger.ts';
import type { LostLedger } from './lost-values.ts';

export interface CopyPorts {
  readonly session: Session;
  readonly ledger: Ledger;
  /** Null where no policy replaces values; without an adjuster none of this table. */
  readonly losses: { readonly ledger: LostLedger; readonly adjuster: Adjuster | null } | null;
  readonly run: Exclusive;
  readonly release: () => Promise<void>;
}

/** The copy of one table: rows and progress of each write commit together, under the fence. */
export class SqlTableCopy implements TableCopy {
  private readonly ports: CopyPorts;
  private readonly target: Target;
  private state: TableState;

  private constructor(ports: CopyPorts, target: Target, state: TableState) {
    this.ports = ports;
    this.target = target;
    this.state = state;
  }

  /** Empties what an interrupted copy left, or what was there before. */
  static async start(ports: CopyPorts, target: Target, state: TableState): Promise<SqlTableCopy> {
    const copy = new SqlTableCopy(ports, target, state);
    try {
      await ports.run(() => copy.empty());
      return copy;
    } catch (error) {
      await ports.release();
      throw error;
    }
  }

  async write(rows: Rows): Promise<void> {
    if (rows.length === 0) return;
    const { session, losses } = this.ports;
    const lost: Lost[] = [];
    const adjuster = losses?.adjuster;
    const fitting = adjuster ? adjustRows(adjuster, this.target.relation, rows, lost) : rows;
    await this.ports.run(() =>
      inTransaction(session, async () => {
        await session.write({ kind: 'insert', target: this.target, rows: fitting });
        await losses?.ledger.record(session, this.ports.ledger.slot, lost);
        await this.record({ ...this.state, rows: this.state.rows + rows.length });
      }),
    );
    losses?.ledger.count(lost);
  }

  async finish(): Promise<void> {
    await this.ports.run(() =>
      inTransaction(this.ports.session, () => this.record({ ...this.state, state: 'copied' })),
    );
  }

  async close(): Promise<void> {
    await this.ports.release();
  }

  /**
   * Under the fence, too, and in one transaction with it: an instance that was overtaken in between would otherwise
   * empty what its successor has copied.
   */
  private async empty(): Promise<void> {
    const { session, ledger, losses } = this.ports;
    await ledger.start(session, this.state);
    await inTransaction(session, async () => {
      await this.record(this.state);
      await losses?.ledger.forgetTable(session, ledger.slot, this.state);
      await session.runLong(`DELETE FROM ${this.target.place.sql}`);
    });
  }

  private async record(state: TableState): Promise<void> {
    await this.ports.ledger.progress(this.ports.session, state);
    this.state = state;
  }
}
