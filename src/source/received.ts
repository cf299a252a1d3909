import { type Lsn, lsn } from '../model/lsn.ts';

/** Offset of walEnd in a data frame. */
const WAL_END = 9;

/** The highest position of data frames, kept as two numbers: a bigint per message would cost more than the decoding. */
export class Received {
  private high = 0;
  private low = 0;

  /** `at`: where the data frame begins. */
  see(buffer: Buffer, at: number): void {
    const high = buffer.readUInt32BE(at + WAL_END);
    const low = buffer.readUInt32BE(at + WAL_END + 4);
    if (high < this.high || (high === this.high && low <= this.low)) return;
    this.high = high;
    this.low = low;
  }

  get lsn(): Lsn {
    return lsn((BigInt(this.high) << 32n) | BigInt(this.low));
  }
}
