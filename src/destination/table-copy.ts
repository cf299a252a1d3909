import type { TableState } from '../model/checkpoint.ts';
import type { TableCopy } from '../model/destination.ts';
import type { Row } from '../model/value.ts';
import type { Session, Target } from './contract.ts';
import type { Exclusive } from './exclusive.ts';
import { inTransaction, type Ledger } from './ledger.ts';

/** The copy of one table: rows and progress of each write commit together, under the fence. */
export class SqlTableCopy implements TableCopy {
  private readonly session: Session;
  private readonly ledger: Ledger;
  private readonly target: Target;
  private readonly run: Exclusive;
  private readonly release: () => Promise<void>;
  private state: TableState;

  private constructor(
    session: Session,
    ledger: Ledger,
    target: Target,
    state: TableState,
    run: Exclusive,
    release: () => Promise<void>,
  ) {
    this.session = session;
    this.ledger = ledger;
    this.target = target;
    this.state = state;
    this.run = run;
    this.release = release;
  }

  /** Empties what an interrupted copy left, or what was there before. */
  static async start(
    session: Session,
    ledger: Ledger,
    target: Target,
    state: TableState,
    run: Exclusive,
    release: () => Promise<void>,
  ): Promise<SqlTableCopy> {
    const copy = new SqlTableCopy(session, ledger, target, state, run, release);
    try {
      await run(() => copy.empty());
      return copy;
    } catch (error) {
      await release();
      throw error;
    }
  }

  async write(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    await this.run(() =>
      inTransaction(this.session, async () => {
        await this.session.write({ kind: 'insert', target: this.target, rows });
        await this.record({ ...this.state, rows: this.state.rows + rows.length });
      }),
    );
  }

  async finish(): Promise<void> {
    await this.run(() => inTransaction(this.session, () => this.record({ ...this.state, state: 'copied' })));
  }

  async close(): Promise<void> {
    await this.release();
  }

  /**
   * Under the fence, too, and in one transaction with it: an instance that was overtaken in between would otherwise
   * empty what its successor has copied.
   */
  private async empty(): Promise<void> {
    await this.ledger.start(this.session, this.state);
    await inTransaction(this.session, async () => {
      await this.record(this.state);
      await this.session.runLong(`DELETE FROM ${this.target.place.sql}`);
    });
  }

  private async record(state: TableState): Promise<void> {
    await this.ledger.progress(this.session, state);
    this.state = state;
  }
}
