/**
 * Records what real servers send: `npx tsx scripts/record-pgoutput.ts [13 14 …]` runs every case of scripts/pgoutput
 * and writes test/pgoutput/fixtures/pg<version>.jsonl, one recording a line. The tests say what the bytes mean.
 */
import { writeFile } from 'node:fs/promises';
import { type PostgresVersion, startEmbeddedPostgres } from '../src/demo/embedded-postgres.ts';
import type { SourceOptions } from '../src/model/source.ts';
import { record } from './pgoutput/recorder.ts';
import { ROW_CASES } from './pgoutput/row-cases.ts';
import { TRANSACTION_CASES } from './pgoutput/transaction-cases.ts';

const VERSIONS: readonly PostgresVersion[] = [13, 14, 15, 16, 17, 18];

const SETTINGS = { max_prepared_transactions: '10', logical_decoding_work_mem: '64kB', autovacuum: 'off' };

function sourceOf(url: URL): SourceOptions {
  return {
    host: url.hostname,
    port: Number(url.port),
    database: 'postgres',
    user: url.username,
    password: decodeURIComponent(url.password),
    sslMode: 'disable',
    sslRootCert: null,
    connectTimeoutMs: 10_000,
    queryTimeoutMs: 60_000,
  };
}

async function recordVersion(version: PostgresVersion): Promise<void> {
  const server = await startEmbeddedPostgres({ version, settings: SETTINGS });
  try {
    const lines: string[] = [];
    for (const it of [...ROW_CASES, ...TRANSACTION_CASES]) {
      if (version < (it.since ?? 0)) continue;
      lines.push(JSON.stringify(await record(sourceOf(new URL(server.url)), it, version)));
      console.log(`PostgreSQL ${version}: ${it.name}`);
    }
    const file = new URL(`../test/pgoutput/fixtures/pg${version}.jsonl`, import.meta.url);
    await writeFile(file, `${lines.join('\n')}\n`);
  } finally {
    await server.stop();
  }
}

const asked = process.argv.slice(2).map(Number);
for (const version of VERSIONS) if (asked.length === 0 || asked.includes(version)) await recordVersion(version);
