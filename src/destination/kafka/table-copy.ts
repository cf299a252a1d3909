import type { TableState } from '../../model/checkpoint.ts';
import type { TableCopy } from '../../model/destination.ts';
import { formatLsn, type Lsn, minLsn } from '../../model/lsn.ts';
import type { Rows } from '../../model/value.ts';
import type { Position } from './encoding/source-block.ts';
import { messageOf } from './events/sequence.ts';
import type { EventSource } from './events/table-events.ts';
import type { Message } from './transport/message.ts';

/** Sends the messages and records the state in one transaction. */
type Commit = (state: TableState, messages: Iterable<Message>) => Promise<void>;

/**
 * The rows of the initial copy as `op: r`. A copy that begins anew sends them again, because topics cannot be emptied; who
 * reads them also has rows of the copy before it, and needs what became of these since: no change from then on is skipped.
 */
export class KafkaCopy implements TableCopy {
  readonly lanes = 1;
  readonly since: Lsn;
  private readonly table: EventSource;
  private readonly snapshot: Lsn;
  private readonly commit: Commit;
  private state: TableState;

  /** `begun`: what is remembered of the table. */
  constructor(table: EventSource, state: TableState, begun: TableState | undefined, commit: Commit) {
    this.table = table;
    this.snapshot = state.snapshot;
    this.since = begun?.state === 'copying' ? minLsn(begun.snapshot, state.snapshot) : state.snapshot;
    this.state = { ...state, snapshot: this.since };
    this.commit = commit;
  }

  async write(rows: Rows): Promise<void> {
    const next = { ...this.state, rows: this.state.rows + rows.length };
    await this.commit(next, this.messages(rows));
    this.state = next;
  }

  async finish(): Promise<void> {
    await this.commit({ ...this.state, state: 'copied' }, []);
  }

  async close(): Promise<void> {}

  private *messages(rows: Rows): Generator<Message> {
    const now = Date.now();
    const at: Position = { xid: null, lsn: this.snapshot, previous: null, time: now, counts: null };
    const headers = { 'pg2any.lsn': formatLsn(this.snapshot) };
    for (const row of rows) {
      const event = this.table.read(row, at, now);
      if (event) yield messageOf(event, headers);
    }
  }
}
