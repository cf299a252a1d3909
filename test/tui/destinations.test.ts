import { expect, test } from 'vitest';
import { lsn } from '../../src/model/lsn.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import { apart, destinationsLine } from '../../src/tui/destinations.ts';
import { styleFor } from '../../src/tui/theme.ts';

const style = styleFor({}, false);

/** Two destinations at these positions, as the status has them. */
function two(first: bigint, second: bigint, failure: string | null = null) {
  const counters = new Counters(0);
  Object.assign(counters, { walEnd: 431_100n });
  counters.members = () => [
    { name: 'destination', product: 'MariaDB 10.11', flushed: lsn(first), failure: null },
    { name: 'mirror', product: 'Kafka (1 broker)', flushed: lsn(second), failure },
  ];
  return sample(counters, null, 1).destinations;
}

test('says which of several destinations is behind, and which is down', () => {
  const line = (...of: Parameters<typeof two>) => destinationsLine(two(...of), style);
  expect(line(431_100n, 431_100n)).toBe('✔ MariaDB 10.11 up to date   ✔ Kafka (1 broker) up to date');
  expect(line(431_100n, 100n)).toBe('✔ MariaDB 10.11 up to date   ✔ Kafka (1 broker) 431 kB behind');
  expect(line(431_100n, 100n, 'refused')).toBe(
    '✔ MariaDB 10.11 up to date   ▲ Kafka (1 broker) is down, 431 kB behind',
  );
  expect(line(431_100n, 0n)).toContain('Kafka (1 broker) position unknown');
});

test('they are apart where one is behind or down, and nothing is said of a single one', () => {
  expect([apart(two(5n, 5n)), apart(two(5n, 4n)), apart(two(5n, 5n, 'refused'))]).toEqual([false, true, true]);
  expect([apart([]), destinationsLine([], style)]).toEqual([false, '']);
});
