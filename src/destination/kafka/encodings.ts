import type { KafkaSettings } from '../../model/kafka.ts';
import { type Encoding, JsonEncoding } from './encoding/encoding.ts';
import { RegistryClient } from './registry/client.ts';
import { RegistryEncoding } from './registry/encoding.ts';
import type { Limits } from './registry/http.ts';

/** The encoding that is configured. Connects to nothing yet. */
export function encodingOf(settings: KafkaSettings, limits: Limits): Encoding {
  const { encoding, registry } = settings;
  if (encoding === 'json' || registry === null) return new JsonEncoding(settings);
  return new RegistryEncoding(settings, registry, new RegistryClient(registry, limits));
}
