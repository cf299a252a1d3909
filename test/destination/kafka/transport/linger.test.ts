import { expect, it } from 'vitest';
import { Linger } from '../../../../src/destination/kafka/transport/linger.ts';

it('keeps Kafka transactions apart, and lets the first after a pause through', async () => {
  let clock = 1000;
  const waited: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waited.push(ms);
    clock += ms;
  };
  const linger = new Linger(50, () => clock, wait);
  await linger.rest();
  clock += 20;
  await linger.rest();
  clock += 70;
  await linger.rest();
  expect(waited).toEqual([30]);
});
