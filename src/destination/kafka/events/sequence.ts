import type { TransactionPart } from '../../../model/batch.ts';
import { formatLsn } from '../../../model/lsn.ts';
import type { Bytes } from '../encoding/writing.ts';
import type { Message } from '../transport/message.ts';
import type { Event } from './table-events.ts';

/**
 * Gives events their place in their transaction: headers with the commit's LSN, the transaction's number, the event's
 * ordinal in it, and whether it is the last. Which one is the last is only known with the next event, or with the
 * transaction's end, so one is held back. Pure.
 */
export class Sequence {
  private ordinal = 0;
  private held: { readonly event: Event; readonly part: TransactionPart; readonly ordinal: number } | null = null;
  private texts: { readonly part: TransactionPart; readonly lsn: string; readonly xid: string } | null = null;

  /** What can be sent now that this event follows. */
  add(event: Event, part: TransactionPart): Message | null {
    const message = this.release(false);
    this.ordinal += 1;
    this.held = { event, part, ordinal: this.ordinal };
    return message;
  }

  /** The transaction is over: its last event, null where it had none. */
  end(): Message | null {
    const message = this.release(true);
    this.ordinal = 0;
    return message;
  }

  /** The transaction is read again from its beginning. */
  reset(): void {
    this.held = null;
    this.ordinal = 0;
  }

  private release(last: boolean): Message | null {
    const { held } = this;
    this.held = null;
    if (!held) return null;
    const { lsn, xid } = this.transactionOf(held.part);
    return messageOf(held.event, {
      'pg2any.lsn': lsn,
      'pg2any.xid': xid,
      'pg2any.ordinal': String(held.ordinal),
      'pg2any.last': last ? 'true' : 'false',
    });
  }

  /** Texts that are the same for all events of a transaction. */
  private transactionOf(part: TransactionPart): { readonly lsn: string; readonly xid: string } {
    if (this.texts?.part !== part) this.texts = { part, lsn: formatLsn(part.commitLsn), xid: String(part.xid) };
    return this.texts;
  }
}

export function messageOf({ op, topic, key, value, route, headers: own }: Event, headers: Message['headers']): Message {
  const keyBytes = bufferOf(key);
  const routed = key === route && keyBytes ? keyBytes : Buffer.from(route);
  return {
    topic,
    key: keyBytes,
    value,
    headers: own ? { ...own, 'pg2any.op': op, ...headers } : { 'pg2any.op': op, ...headers },
    route: routed,
  };
}

const bufferOf = (bytes: Bytes | null): Buffer | null => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
