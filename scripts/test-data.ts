/**
 * Sends the demo's shop and live load to any PostgreSQL: `make test-data`, or
 * `CDC_SOURCE_URL=… RATE=500 SECONDS=60 MIX=60/30/10 SEED=1 npx tsx scripts/test-data.ts`.
 */
import pg from 'pg';
import { type LoadResult, runLoad } from '../src/demo/load.ts';
import { DEFAULT_MIX, formatMix, parseMix } from '../src/demo/mix.ts';
import { createShop } from '../src/demo/shop.ts';

const COMPOSE_URL = 'postgres://postgres:postgres@localhost:5432/shop';

function number(name: string, fallback: number): number {
  const text = process.env[name] || String(fallback);
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new RangeError(`${name} must be a number, not ${JSON.stringify(text)}`);
  return value;
}

const settings = () => ({
  url: process.env.CDC_SOURCE_URL || process.env.CDC_SOURCE_CONNECTION_STRING || COMPOSE_URL,
  ratePerSecond: number('RATE', 500),
  seconds: number('SECONDS', 60),
  mix: parseMix(process.env.MIX || formatMix(DEFAULT_MIX)),
  seed: number('SEED', 1),
});

const figure = (value: number): string => value.toLocaleString('en-US').padStart(9);

function line({ seconds, rows, changes, transactions }: LoadResult): string {
  const parts = `${figure(changes.insert)} inserts ${figure(changes.update)} updates ${figure(changes.delete)} deletes`;
  return `${seconds.toFixed(0).padStart(4)} s ${figure(rows)} rows ${parts} ${figure(transactions)} transactions`;
}

async function prepare(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, application_name: 'pg2any test-data' });
  await client.connect();
  try {
    const created = await createShop(client);
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    return `${created ? 'created the shop in' : 'found the shop in'} database ${rows[0]?.name}`;
  } finally {
    await client.end();
  }
}

async function main(): Promise<void> {
  const options = settings();
  console.log(await prepare(options.url));
  const { ratePerSecond, seconds, mix, seed } = options;
  console.log(`load: ${ratePerSecond} rows/s for ${seconds} s, mix ${formatMix(mix)}, seed ${seed}`);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await runLoad({ ...options, signal: stop.signal, onProgress: (progress) => console.log(line(progress)) });
}

main().catch((error: Error & { code?: string }) => {
  console.error(`test-data: ${error.message || error.code}`);
  process.exitCode = error instanceof RangeError ? 2 : 1;
});
