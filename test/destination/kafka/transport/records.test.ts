import { expect, it } from 'vitest';
import {
  type CheckpointRecord,
  positionRecord,
  Remembered,
} from '../../../../src/destination/kafka/transport/records.ts';
import { lsn } from '../../../../src/model/lsn.ts';

function read(...records: readonly CheckpointRecord[]): Remembered {
  const remembered = new Remembered('s');
  for (const record of records) remembered.add(record);
  return remembered;
}

it('a position is read back with its timeline, the last one counting', () => {
  const records = [2, 3].map((timeline) => positionRecord({ slot: 's', systemId: '7', timeline }, lsn(0x10n)));
  expect(read(...records)).toMatchObject({ systemId: '7', flushed: 0x10n, timeline: 3 });
});

it.each([
  ['of before timelines were remembered', { systemId: '7', flushed: '0/10' }],
  ['that was received from a source in recovery', { systemId: '7', flushed: '0/10', timeline: null }],
])('a position %s has none', (_, value) => {
  const before = positionRecord({ slot: 's', systemId: '7', timeline: 1 }, lsn(1n));
  const found = read(before, { key: 's/position', value: JSON.stringify(value) });
  expect(found).toMatchObject({ flushed: 0x10n, timeline: null });
});
