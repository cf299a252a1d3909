/**
 * Measures the product against what bounds it, interleaved in one run: ratios count, absolute figures drift.
 * EVENTS (1000000), HUGE (3000000), ROWS (500000), KAFKA_EVENTS (200000), SQLSERVER_EVENTS (200000) and ROUNDS (3) from the environment; SQL Server is measured
 * where CDC_TEST_SQLSERVER_URL names one.
 */
import { copyLines } from './copy.ts';
import { endpointLines } from './endpoint.ts';
import { growthLines } from './growth.ts';
import { kafkaLines } from './kafka.ts';
import { latencyLines } from './latency.ts';
import { machine, report } from './report.ts';
import { startServers } from './servers.ts';
import { sqlServerLines } from './sqlserver.ts';
import { streamLines } from './streams.ts';
import { viewLines } from './view.ts';

const number = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const rounds = number('ROUNDS', 3);

const servers = await startServers();
try {
  const lines = [
    ...(await streamLines(servers, number('EVENTS', 1_000_000), rounds)),
    ...(await growthLines(servers, number('EVENTS', 1_000_000), number('HUGE', 3_000_000), rounds)),
    ...(await copyLines(servers, number('ROWS', 500_000), rounds)),
    ...(await latencyLines(servers)),
    ...(await viewLines(servers, number('EVENTS', 1_000_000), rounds)),
    ...(await endpointLines(servers, number('EVENTS', 1_000_000), rounds)),
    ...(await kafkaLines(servers, number('KAFKA_EVENTS', 200_000), rounds)),
    ...(await sqlServerLines(servers, number('SQLSERVER_EVENTS', 200_000), rounds)),
  ];
  process.stdout.write(
    `${machine()}\nPostgreSQL ${servers.postgresVersion} → MariaDB ${servers.mariadbVersion}, SQLite; 8 columns, all on one machine, medians of ${rounds} interleaved rounds\n${report(lines)}\n`,
  );
} finally {
  await servers.stop();
}
process.exit(0);
