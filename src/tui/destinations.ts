import type { DestinationStatus } from '../status/status.ts';
import { bytes } from './format.ts';
import type { Style } from './theme.ts';
import { plain } from './width.ts';

/** `Kafka (1 broker) is down, 431 kB behind` */
export function destinationWords({ name, product, behindBytes, failure }: DestinationStatus): string {
  const lag =
    behindBytes === null ? 'position unknown' : behindBytes === 0 ? 'up to date' : `${bytes(behindBytes)} behind`;
  const who = plain(product) || name;
  return failure === null ? `${who} ${lag}` : `${who} is down, ${lag}`;
}

/** There is something to say of it. */
export const isKnown = ({ behindBytes, failure }: DestinationStatus): boolean =>
  behindBytes !== null || failure !== null;

/** One does not work, or they are not equally far. */
export const apart = (all: readonly DestinationStatus[]): boolean =>
  all.some(({ failure, flushed }) => failure !== null || flushed !== all[0]?.flushed);

/** Each of several destinations on one line; empty where there is one. */
export const destinationsLine = (all: readonly DestinationStatus[], style: Style): string =>
  all
    .map((one) => {
      const tone = one.failure === null ? 'ok' : 'warn';
      return `${style[tone](style.symbols[tone])} ${destinationWords(one)}`;
    })
    .join('   ');
