import { drivers } from '../../dist/destination/registry.js';
import type { Destination } from '../../dist/model/destination.js';

/** Opens the destination that the URL's scheme names. */
export async function openByUrl(text: string): Promise<Destination> {
  const url = new URL(text);
  const driver = drivers.find((one) => one.schemes.includes(url.protocol.slice(0, -1)));
  if (!driver) throw new Error(`no destination for ${url.protocol}`);
  return await driver.open({ url, autoCreateTables: true, connectTimeoutMs: 10_000, queryTimeoutMs: 60_000 });
}
