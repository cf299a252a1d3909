import type { TableState } from '../../model/checkpoint.ts';
import type { TableCopy } from '../../model/destination.ts';
import { formatLsn } from '../../model/lsn.ts';
import type { Rows } from '../../model/value.ts';
import type { Position } from './encoding/source-block.ts';
import { messageOf } from './events/sequence.ts';
import type { EventSource } from './events/table-events.ts';
import type { Message } from './transport/message.ts';

/** Sends the messages and records the state in one transaction. */
type Commit = (state: TableState, messages: Iterable<Message>) => Promise<void>;

/** The rows of the initial copy as `op: r`. A copy that begins anew sends them again: topics cannot be emptied. */
export class KafkaCopy implements TableCopy {
  readonly lanes = 1;
  private readonly table: EventSource;
  private readonly commit: Commit;
  private state: TableState;

  constructor(table: EventSource, state: TableState, commit: Commit) {
    this.table = table;
    this.state = state;
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
    const at: Position = { xid: null, lsn: this.state.snapshot, previous: null, time: now, counts: null };
    const headers = { 'pg2any.lsn': formatLsn(this.state.snapshot) };
    for (const row of rows) {
      const event = this.table.read(row, at, now);
      if (event) yield messageOf(event, headers);
    }
  }
}
