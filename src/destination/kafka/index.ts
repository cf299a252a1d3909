import type { Destination, DestinationOptions } from '../../model/destination.ts';
import { DEFAULT_KAFKA } from '../../model/kafka.ts';
import { KafkaDestination } from './destination.ts';

export function openKafka(options: DestinationOptions): Destination {
  return new KafkaDestination({ ...options, settings: options.kafka ?? DEFAULT_KAFKA });
}
