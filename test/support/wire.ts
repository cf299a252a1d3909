import { type Lsn, lsn } from '../../src/model/lsn.ts';
import type { Link } from './proxy.ts';

/** A standby status update as it went over the wire. */
export interface SentStatus {
  readonly written: Lsn;
  readonly flushed: Lsn;
  readonly applied: Lsn;
  /** Milliseconds since the Unix epoch, by the sender. */
  readonly clock: number;
  readonly ping: boolean;
}

const COPY_DATA = 0x64;
const STATUS = 0x72;
const UNIX_TO_POSTGRES_MS = 946_684_800_000;
const SSL_REQUEST = 80_877_103;

interface Half {
  rest: Buffer;
  /** The startup packet is the only one without a type. */
  started: boolean;
}

/** Reads what clients send, connection by connection; give `hook` to a proxy. TLS is not read. */
export class ClientWire {
  readonly statuses: SentStatus[] = [];
  private readonly halves = new Map<number, Half>();
  private readonly seen: (status: SentStatus) => void;

  constructor(seen: (status: SentStatus) => void = () => undefined) {
    this.seen = seen;
  }

  readonly hook = (data: Buffer, link: Link): true => {
    const half = this.halves.get(link.id) ?? { rest: Buffer.alloc(0), started: false };
    this.halves.set(link.id, half);
    half.rest = Buffer.concat([half.rest, data]);
    while (this.next(half));
    return true;
  };

  private next(half: Half): boolean {
    const { rest } = half;
    const head = half.started ? 1 : 0;
    if (rest.length < head + 4) return false;
    const end = head + rest.readInt32BE(head);
    if (rest.length < end) return false;
    if (!half.started) half.started = rest.readInt32BE(4) !== SSL_REQUEST;
    else if (rest[0] === COPY_DATA && rest[5] === STATUS) this.status(rest.subarray(5, end));
    half.rest = rest.subarray(end);
    return true;
  }

  private status(body: Buffer): void {
    const at = (offset: number): Lsn => lsn(body.readBigUInt64BE(offset));
    const clock = Number(body.readBigInt64BE(25) / 1000n) + UNIX_TO_POSTGRES_MS;
    const status = { written: at(1), flushed: at(9), applied: at(17), clock, ping: body[33] === 1 };
    this.statuses.push(status);
    this.seen(status);
  }
}
