/** Packet types. [MS-TDS] 2.2.3.1.1 */
export const PACKET = {
  batch: 0x01,
  rpc: 0x03,
  response: 0x04,
  attention: 0x06,
  bulk: 0x07,
  fedAuthToken: 0x08,
  transaction: 0x0e,
  login: 0x10,
  prelogin: 0x12,
} as const;

/** Packet status bits. [MS-TDS] 2.2.3.1.2 */
const STATUS = { last: 0x01, ignore: 0x02, reset: 0x08 } as const;

const HEADER = 8;
/** Before the login has negotiated another size. */
export const FIRST_PACKET_SIZE = 4096;

export interface Packet {
  readonly type: number;
  readonly data: Buffer;
  readonly last: boolean;
  /** The client takes back what it has sent of this message. */
  readonly ignore: boolean;
  /** The session is to be reset before this message is worked on. */
  readonly reset: boolean;
}

/** One request or response: the data of its packets. */
export interface Message {
  readonly type: number;
  readonly data: Buffer;
  readonly ignore: boolean;
  readonly reset: boolean;
}

/** Cuts a byte stream into packets. [MS-TDS] 2.2.3.1 */
export class PacketReader {
  private rest: Buffer = Buffer.alloc(0);

  /** What comes next begins a packet. */
  get idle(): boolean {
    return this.rest.length === 0;
  }

  *push(chunk: Buffer): Generator<Packet> {
    this.rest = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    while (this.rest.length >= HEADER) {
      const length = this.rest.readUInt16BE(2);
      if (length < HEADER) throw new Error(`a packet says that it is ${length} bytes long`);
      if (this.rest.length < length) return;
      const packet = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      yield read(packet);
    }
  }
}

function read(packet: Buffer): Packet {
  const status = packet.readUInt8(1);
  const has = (bit: number): boolean => (status & bit) !== 0;
  const data = packet.subarray(HEADER);
  return {
    type: packet.readUInt8(0),
    data,
    last: has(STATUS.last),
    ignore: has(STATUS.ignore),
    reset: has(STATUS.reset),
  };
}

/** Puts packets together until the last one of their message. */
export class MessageReader {
  private packets: Packet[] = [];
  /** Of the message that has begun. */
  bytes = 0;

  /** The message, when this packet ends it. */
  push(packet: Packet): Message | null {
    this.packets.push(packet);
    this.bytes += packet.data.length;
    if (!packet.last) return null;
    const data = Buffer.concat(this.packets.map((one) => one.data));
    const reset = this.packets.some((one) => one.reset);
    this.packets = [];
    this.bytes = 0;
    return { type: packet.type, data, ignore: packet.ignore, reset };
  }
}

/** The packets of one message, as bytes. */
export function framed(type: number, data: Buffer, packetSize = FIRST_PACKET_SIZE): Buffer {
  const room = packetSize - HEADER;
  const packets: Buffer[] = [];
  for (let at = 0, id = 1; at === 0 || at < data.length; at += room, id++) {
    const part = data.subarray(at, at + room);
    const header = Buffer.alloc(HEADER);
    header.writeUInt8(type, 0);
    header.writeUInt8(at + room >= data.length ? STATUS.last : 0, 1);
    header.writeUInt16BE(HEADER + part.length, 2);
    header.writeUInt8(id % 256, 6);
    packets.push(header, part);
  }
  return Buffer.concat(packets);
}
