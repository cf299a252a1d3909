import type { RowChange } from '../../../model/change.ts';
import { Pg2anyError } from '../../../model/error.ts';
import { type Relation, relationName } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import { ValueProblem } from '../../problem.ts';
import { describeRow } from '../../refusal.ts';
import type { CodingOptions } from '../encoding/fields.ts';
import type { Position } from '../encoding/source-block.ts';
import { admitOutbox, type Outbox } from './outbox.ts';
import { type Entry, rowEntries } from './outbox-entry.ts';
import type { Event, EventSource } from './table-events.ts';

/** A table whose rows are events themselves: inserts count, deletes tidy up, and there is nothing to update. */
export class OutboxTable implements EventSource {
  /** Each row chooses its own. */
  readonly topic = null;
  private readonly relation: Relation;
  private readonly outbox: Outbox;
  private readonly entry: (row: Row) => Entry;

  constructor(relation: Relation, outbox: Outbox, options: CodingOptions) {
    this.relation = relation;
    this.outbox = outbox;
    this.entry = rowEntries(relation, options);
    admitOutbox(relation, outbox.settings);
  }

  read(row: Row): Event | null {
    return this.event(row, 'r');
  }

  change(change: RowChange, at: Position): readonly Event[] {
    if (change.kind === 'delete') return [];
    if (change.kind === 'update') {
      const where = describeRow(this.relation, change.key);
      this.outbox.refuse(`${where}: a row of an outbox was updated, which makes no event`);
      return [];
    }
    const event = this.event(change.after, 'c');
    if (!event) return [];
    at.counts?.next(relationName(this.relation));
    return [event];
  }

  truncate(): null {
    return null;
  }

  private event(row: Row, op: 'c' | 'r'): Event | null {
    const entry = this.entry(row);
    try {
      return this.outbox.event(entry, op);
    } catch (error) {
      if (!(error instanceof ValueProblem)) throw error;
      const message = `${entry.where}: a value ${error.message} [${error.problem}]`;
      throw new Pg2anyError('VALUE_UNREPRESENTABLE', message, { cause: error, problem: error.problem });
    }
  }
}
