import { expect, it } from 'vitest';
import { Warnings } from '../../../../src/destination/kafka/transport/warnings.ts';

it('tells warnings once, and of a flood only the number', () => {
  const warnings = new Warnings('outbox.skipped');
  for (let i = 0; i < 150; i++) warnings.add(`w${i}`);
  const told = warnings.take();
  expect([told.length, told[0], told.at(-1)?.message]).toEqual([
    101,
    { event: 'outbox.skipped', message: 'w0' },
    '50 more of the same kind',
  ]);
  expect(warnings.take()).toEqual([]);
});
