import { expect, it } from 'vitest';
import { lsn, ZERO_LSN } from '../../src/model/lsn.ts';
import { Received } from '../../src/source/received.ts';
import { bytes, u64 } from '../support/pgoutput-encoder.ts';

const data = (walEnd: bigint) => bytes('w', u64(0n), u64(walEnd), u64(0n));

it('begins at zero', () => {
  expect(new Received().lsn).toBe(ZERO_LSN);
});

it('keeps the highest position: relations carry none, and transactions overlap', () => {
  const received = new Received();
  for (const walEnd of [500n, 0n, 400n]) received.see(data(walEnd), 0);
  expect(received.lsn).toBe(500n);
});

it.each([1n << 32n, (1n << 53n) + 1n, (1n << 63n) + 1n, (1n << 64n) - 1n])('66: holds %i exactly', (position) => {
  const received = new Received();
  received.see(data(position - 1n), 0);
  received.see(data(position), 0);
  received.see(data(position & 0xffffffffn), 0);
  expect(received.lsn).toBe(lsn(position));
});
