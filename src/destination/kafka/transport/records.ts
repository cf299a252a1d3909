import type { StreamIdentity, TableState } from '../../../model/checkpoint.ts';
import { formatLsn, type Lsn, parseLsn } from '../../../model/lsn.ts';

/**
 * Records of the checkpoint topic, which Kafka compacts by their keys: the last of each counts. All of one pipeline have
 * keys that begin with its slot, which holds no slash.
 */
export interface CheckpointRecord {
  readonly key: string;
  /** Null forgets the key. */
  readonly value: string | null;
}

const positionKey = (slot: string): string => `${slot}/position`;
const claimKey = (slot: string): string => `${slot}/claim`;
const markKey = (slot: string): string => `${slot}/mark`;
const tableKey = (slot: string, oid: number): string => `${slot}/table/${oid}`;

export const positionRecord = ({ slot, systemId, timeline }: StreamIdentity, flushed: Lsn): CheckpointRecord => ({
  key: positionKey(slot),
  value: JSON.stringify({ systemId, flushed: formatLsn(flushed), timeline: timeline ?? null }),
});

/** Without a timeline where it is not known, as before it was remembered. */
interface Position {
  readonly systemId: string;
  readonly flushed: string;
  readonly timeline?: number | null;
}

/** Whoever wrote the last one owns the pipeline. */
export const claimRecord = (slot: string, token: string): CheckpointRecord => ({ key: claimKey(slot), value: token });

/** Says nothing: a reader that meets it has seen everything before it. */
export const markRecord = (slot: string, token: string): CheckpointRecord => ({ key: markKey(slot), value: token });

export const tableRecord = (slot: string, state: TableState): CheckpointRecord => ({
  key: tableKey(slot, state.oid),
  value: JSON.stringify({ ...state, snapshot: formatLsn(state.snapshot) }),
});

/** What the records of one slot say, taken in order. */
export class Remembered {
  systemId: string | null = null;
  flushed: Lsn | null = null;
  timeline: number | null = null;
  claim: string | null = null;
  /** The last mark or claim that was met. */
  readonly seen = new Set<string>();
  readonly tables = new Map<number, TableState>();
  private readonly slot: string;

  constructor(slot: string) {
    this.slot = slot;
  }

  add({ key, value }: CheckpointRecord): void {
    const { slot } = this;
    if (!key.startsWith(`${slot}/`)) return;
    if (key === positionKey(slot)) this.position(value);
    else if (key === claimKey(slot)) this.claim = this.token(value);
    else if (key === markKey(slot)) this.token(value);
    else this.table(Number(key.slice(key.lastIndexOf('/') + 1)), value);
  }

  /** Keys that have a value. */
  get keys(): readonly string[] {
    const { slot, tables } = this;
    return [positionKey(slot), claimKey(slot), markKey(slot), ...[...tables.keys()].map((oid) => tableKey(slot, oid))];
  }

  private token(value: string | null): string | null {
    if (value !== null) this.seen.add(value);
    return value;
  }

  private position(value: string | null): void {
    const parsed = value === null ? null : (JSON.parse(value) as Position);
    this.systemId = parsed?.systemId ?? null;
    this.flushed = parsed ? parseLsn(parsed.flushed) : null;
    this.timeline = parsed?.timeline ?? null;
  }

  private table(oid: number, value: string | null): void {
    if (value === null) this.tables.delete(oid);
    else {
      const parsed = JSON.parse(value) as TableState & { snapshot: unknown };
      this.tables.set(oid, { ...parsed, snapshot: parseLsn(String(parsed.snapshot)) });
    }
  }
}
