import type { TableState } from '../model/checkpoint.ts';
import type { TableCopy } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Rows } from '../model/value.ts';
import { type Adjuster, adjustRows, type Lost } from './changes/adjust.ts';
import type { Engine, Session, Target } from './contract.ts';
import type { Exclusive } from './exclusive.ts';
import { inTransaction, type Ledger } from './ledger/ledger.ts';
import type { LostLedger } from './ledger/lost-values.ts';

/** What the writes of one table go through. */
export interface Lanes {
  /** One for each write that may be under way. */
  readonly sessions: readonly [Session, ...Session[]];
  readonly run: Exclusive;
  readonly release: () => Promise<void>;
}

/** Two sessions for a table: while one commits, the server goes on with the other. */
export async function openLanes(engine: Engine, token: string): Promise<Lanes> {
  const first = await engine.open(token);
  try {
    const sessions = [first, await engine.open(token)] as const;
    const release = async (): Promise<void> => void (await Promise.all(sessions.map((session) => session.close())));
    return { sessions, run: (work) => work(), release };
  } catch (error) {
    await first.close();
    throw error;
  }
}

export interface CopyPorts extends Lanes {
  readonly ledger: Ledger;
  /** Null where no policy replaces values; without an adjuster none of this table. */
  readonly losses: { readonly ledger: LostLedger; readonly adjuster: Adjuster | null } | null;
}

/** The copy of one table: rows and progress of each write commit together, under the fence. */
export class SqlTableCopy implements TableCopy {
  private readonly ports: CopyPorts;
  private readonly target: Target;
  private readonly free: Session[];
  private state: TableState;

  private constructor(ports: CopyPorts, target: Target, state: TableState) {
    this.ports = ports;
    this.target = target;
    this.free = [...ports.sessions];
    this.state = state;
  }

  get lanes(): number {
    return this.ports.sessions.length;
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
    const session = this.free.pop();
    if (!session) throw new Pg2anyError('INTERNAL', `more than ${this.lanes} writes of a copy at once`);
    try {
      await this.ports.run(() => this.insert(session, rows));
    } finally {
      this.free.push(session);
    }
  }

  private async insert(session: Session, rows: Rows): Promise<void> {
    const { ledger, losses } = this.ports;
    const lost: Lost[] = [];
    const adjuster = losses?.adjuster;
    const fitting = adjuster ? adjustRows(adjuster, this.target.relation, rows, lost) : rows;
    await inTransaction(session, async () => {
      await session.write({ kind: 'insert', target: this.target, rows: fitting });
      await losses?.ledger.record(session, ledger.slot, lost);
      await this.record(session, { ...this.state, rows: this.state.rows + rows.length });
    });
    losses?.ledger.count(lost);
  }

  async finish(): Promise<void> {
    const [session] = this.ports.sessions;
    await this.ports.run(() => inTransaction(session, () => this.record(session, { ...this.state, state: 'copied' })));
  }

  async close(): Promise<void> {
    await this.ports.release();
  }

  /**
   * Under the fence, too, and in one transaction with it: an instance that was overtaken in between would otherwise
   * empty what its successor has copied.
   */
  private async empty(): Promise<void> {
    const {
      sessions: [session],
      ledger,
      losses,
    } = this.ports;
    await ledger.start(session, this.state);
    await inTransaction(session, async () => {
      await this.record(session, this.state);
      await losses?.ledger.forgetTable(session, ledger.slot, this.target.relation);
      await session.runLong(`DELETE FROM ${this.target.place.sql}`);
    });
  }

  /** The rows that another write has under way are counted before they are there: the last write is right. */
  private async record(session: Session, state: TableState): Promise<void> {
    this.state = state;
    await this.ports.ledger.progress(session, state);
  }
}
