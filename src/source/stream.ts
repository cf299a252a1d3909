import { setImmediate } from 'node:timers/promises';
import type { Lsn } from '../model/lsn.ts';
import type { Stream, StreamChunk, StreamVitals } from '../model/source.ts';
import { Assembler, type Lookup } from './assembler.ts';
import type { Transport } from './transport.ts';

/** The transport's raw messages as events, decoded when they are pulled. */
export class SlotStream implements Stream {
  private readonly transport: Transport;
  private readonly assembler: Assembler;

  constructor(transport: Transport, lookup: Lookup, from: Lsn) {
    this.transport = transport;
    this.assembler = new Assembler(lookup, from);
  }

  async *chunks(signal: AbortSignal): AsyncIterable<StreamChunk> {
    for (;;) {
      const taken = await this.transport.inbox.take(signal);
      if (!taken) return;
      this.transport.taken();
      // What the socket still holds is read into the inbox first, and whoever else waits for us has a turn: a destination
      // whose answer lies unread stands still.
      await setImmediate();
      const events = await this.assembler.feed(taken);
      const bytes = taken.reduce((sum, messages) => sum + messages.bytes, 0);
      // Also without events when nothing more is waiting: the pipeline may hold back until it knows that.
      if (events.length > 0 || this.transport.inbox.bytes === 0) yield { events, bytes };
    }
  }

  acknowledge(flushed: Lsn): void {
    this.transport.feedback.acknowledge(flushed);
    this.transport.flush();
  }

  vitals(): StreamVitals {
    const { feedback, inbox, pausedMs, stalledMs, receivedLsn, failure } = this.transport;
    const queueBytes = inbox.bytes;
    return { received: receivedLsn, confirmed: feedback.confirmed, queueBytes, pausedMs, stalledMs, failure };
  }

  async close(): Promise<void> {
    await this.transport.close();
  }
}
