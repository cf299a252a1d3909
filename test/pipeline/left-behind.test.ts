import { expect, it } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn } from '../../src/model/lsn.ts';
import { leftBehind } from '../../src/pipeline/left-behind.ts';

const ahead = new Pg2anyError('SLOT_AHEAD', 'the slot is ahead');
const places = (destination: bigint, mirror: bigint) => [
  { name: 'destination', flushed: lsn(destination) },
  { name: 'mirror', flushed: lsn(mirror) },
];

it('a mirror that was switched off can begin anew alone', () => {
  expect(leftBehind(ahead, places(30n, 10n), lsn(20n))).toMatchObject({
    code: 'SLOT_AHEAD',
    message: expect.stringContaining('the mirror stands at 0/A'),
    hint: expect.stringContaining('kafka.checkpointTopic'),
  });
});

it('what concerns the database, both, or something else stays as it is', () => {
  expect(leftBehind(ahead, places(10n, 30n), lsn(20n))).toBe(ahead);
  expect(leftBehind(ahead, places(10n, 10n), lsn(20n))).toBe(ahead);
  expect(leftBehind(ahead, [], lsn(20n))).toBe(ahead);
  const lost = new Pg2anyError('SLOT_LOST', 'gone');
  expect(leftBehind(lost, places(30n, 10n), lsn(20n))).toBe(lost);
});
