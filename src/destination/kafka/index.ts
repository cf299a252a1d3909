import type { Destination, DestinationOptions } from '../../model/destination.ts';
import { DEFAULT_KAFKA } from '../../model/kafka.ts';
import { KafkaDestination } from './destination.ts';

/** The path of the URL is the topic prefix, where there is one. */
export function openKafka(options: DestinationOptions): Destination {
  const given = options.kafka ?? DEFAULT_KAFKA;
  const path = decodeURIComponent(options.url.pathname.replace(/^\//, ''));
  return new KafkaDestination({ ...options, settings: path === '' ? given : { ...given, prefix: path } });
}
