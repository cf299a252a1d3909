import type { SourceEvent } from '../../src/model/change.ts';
import type { Lsn } from '../../src/model/lsn.ts';
import type { Snapshot, Source, SourceTable, Stream, Timeline } from '../../src/model/source.ts';

export interface Script {
  readonly tables?: readonly SourceTable[];
  /** The slot's position when the pipeline starts. */
  readonly confirmed: Lsn;
  /** End of the WAL. */
  readonly position: Lsn;
  readonly events: readonly SourceEvent[];
  /** The first one, of a primary, where nothing is said. */
  readonly timeline?: Timeline;
  /** Each event in a chunk of its own. */
  readonly apart?: boolean;
}

/** A source without a server: it sends its events once, in one chunk unless told, and remembers what was acknowledged. */
export class FakeSource implements Source {
  readonly identity = { systemId: '1', version: 180000, product: 'PostgreSQL 18' };
  readonly acknowledged: Lsn[] = [];
  /** Where streams were opened. */
  readonly started: Lsn[] = [];
  private readonly script: Script;

  constructor(script: Script) {
    this.script = script;
  }

  async ensurePublication() {
    return false;
  }

  async tables() {
    return this.script.tables ?? [];
  }

  async missingValues() {
    return new Map<number, string>();
  }

  async hasValues() {
    return true;
  }

  async timeline() {
    return this.script.timeline ?? { id: 1, left: new Map(), recovering: false };
  }

  async slot() {
    return { confirmed: this.script.confirmed, active: false };
  }

  async createSlot(): Promise<Snapshot> {
    throw new Error('there is a slot');
  }

  async snapshot(): Promise<Snapshot> {
    return { lsn: this.script.confirmed, read: async function* () {}, close: async () => undefined };
  }

  async lock() {
    return true;
  }

  async unlock() {}

  async check() {}

  async stream(from: Lsn): Promise<Stream> {
    this.started.push(from);
    const { events, position, apart } = this.script;
    const parts = apart ? events.map((event) => [event]) : [events];
    return {
      async *chunks(signal) {
        for (const part of parts) yield { events: part, bytes: 100 };
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      acknowledge: (flushed) => this.acknowledged.push(flushed),
      vitals: () => ({ received: position, confirmed: from, queueBytes: 0, pausedMs: 0, stalledMs: 0, failure: null }),
      close: async () => undefined,
    };
  }

  async position() {
    return this.script.position;
  }

  async retained() {
    return { walEnd: this.script.position, retainedBytes: 0, slotStatus: null };
  }

  async close() {}
}
