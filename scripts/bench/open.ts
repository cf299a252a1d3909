import { drivers } from '../../dist/destination/registry.js';
import type { Destination } from '../../dist/model/destination.js';
import { DEFAULT_KAFKA } from '../../dist/model/kafka.js';

/** Opens the destination that the URL's scheme names. */
export async function openByUrl(text: string): Promise<Destination> {
  const url = new URL(text);
  const driver = drivers.find((one) => one.schemes.includes(url.protocol.slice(0, -1)));
  if (!driver) throw new Error(`no destination for ${url.protocol}`);
  const common = { url, autoCreateTables: true, connectTimeoutMs: 10_000, queryTimeoutMs: 60_000 };
  if (driver.type !== 'kafka') return await driver.open(common);
  const prefix = url.pathname.slice(1) || DEFAULT_KAFKA.prefix;
  return await driver.open({ ...common, kafka: { ...DEFAULT_KAFKA, prefix, replication: 1 } });
}
