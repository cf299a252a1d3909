import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Line, median } from './ratio.ts';
import { measure, perSecond } from './runs.ts';
import type { Servers } from './servers.ts';
import { Workload } from './workload.ts';

const TABLE = `CREATE TABLE item (id BIGINT PRIMARY KEY, qty INT NOT NULL, name LONGTEXT NOT NULL, price DECIMAL(12,2) NOT NULL,
  stamp DATETIME(6) NOT NULL, active TINYINT(1) NOT NULL, attributes LONGTEXT, token UUID NOT NULL)`;

/** The client that ships with the server, loading a file: as fast as this server takes rows. */
function clientLoad(url: URL, file: string): number {
  const run = (sql: string): void => {
    const args = [
      '--no-defaults',
      '--local-infile=1',
      '-h',
      url.hostname,
      '-P',
      url.port,
      '-u',
      url.username,
      url.pathname.slice(1),
      '-e',
      sql,
    ];
    const done = spawnSync('mariadb', args, {
      env: { ...process.env, MYSQL_PWD: decodeURIComponent(url.password) },
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`mariadb client: ${done.stderr}`);
  };
  run(TABLE);
  const started = performance.now();
  run(`LOAD DATA LOCAL INFILE '${file}' INTO TABLE item CHARACTER SET utf8mb4`);
  return (performance.now() - started) / 1000;
}

/** Initial copy of one table against the database's own client loading the same rows from a file. */
export async function copyLines(servers: Servers, rows: number, count: number): Promise<Line[]> {
  process.stderr.write('initial copy\n');
  const work = await Workload.connect(servers.source);
  await work.reset();
  await work.inserts(rows);
  const file = join(servers.folder, 'item.tsv');
  writeFileSync(file, await work.exportForLoad());
  const ratios: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < count; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${count}\n`);
    const copied = await measure({
      mode: 'copy',
      source: servers.source,
      destination: await servers.freshMariadb('load'),
      slot: 'copy_run',
      from: '0/0',
      until: null,
    });
    await work.drop('copy_run');
    const client = rows / clientLoad(new URL(await servers.freshMariadb('load')), file);
    ours.push(perSecond(copied));
    theirs.push(client);
    ratios.push(perSecond(copied) / client);
  }
  await work.close();
  const detail = `${Math.round(median(ours) / 1000)}k/s ÷ ${Math.round(median(theirs) / 1000)}k/s`;
  return [
    {
      what: 'MariaDB, initial copy ÷ client LOAD DATA',
      value: median(ratios),
      unit: 'ratio',
      target: 0.75,
      atLeast: true,
      detail,
    },
  ];
}
