import { drivers } from '../../src/destination/registry.ts';
import type { Destination, DestinationOptions } from '../../src/model/destination.ts';

export const OPTIONS = { autoCreateTables: true, connectTimeoutMs: 10_000, queryTimeoutMs: 30_000 } as const;

export async function openDestination(type: string, options: DestinationOptions): Promise<Destination> {
  const driver = drivers.find((one) => one.type === type);
  if (!driver) throw new Error(`no destination called ${type}`);
  return await driver.open(options);
}
