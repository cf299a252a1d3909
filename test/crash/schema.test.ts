import { expect, it } from 'vitest';
import { mysqlPlace } from '../contract/mysql-place.ts';
import { type OpenPlace, type Place, sorted } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { expectEqual } from '../differential/compare.ts';
import { createDraw, type Draw } from '../differential/draw.ts';
import { Writer } from '../differential/writer.ts';
import { catchUp } from '../support/pipeline.ts';
import { type Outcome, pg2any } from '../support/program.ts';
import { SEED } from '../support/seed.ts';
import { describeWith, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';

/** Rounds end with everything at the destination: only then may the next rename or drop of the same table come. */
const ROUNDS = 4;
const KILLS = 2;
/** Characters of what a life said that are shown where it ended otherwise. */
const TOLD = 2000;
/** Told right after a statement that followed the source. */
const FOLLOWED = /"(table\.(altered|renamed|uncopied|created)|column\.\w+|copy\.started)"/;

const TITLE = `equals the source after ${ROUNDS * KILLS} SIGKILLs while tables and columns change (seed ${SEED})`;

const source = await postgres();

await describeWith('MariaDB', mariadb, (server) => {
  it(TITLE, { timeout: 120_000 }, () => survives(() => mysqlPlace('mariadb', server)));
});
await describeWith(
  'SQLite',
  async () => null,
  () => {
    it(TITLE, { timeout: 120_000 }, () => survives(sqlitePlace));
  },
);

async function survives(open: OpenPlace): Promise<void> {
  const [database, replica, copy] = await Promise.all([freshDatabase(source), open(), open()]);
  const draw = createDraw(SEED);
  const writer = new Writer(database.url, draw);
  try {
    await writer.open();
    let changes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (let kill = 0; kill < KILLS; kill++) await killed(writer, draw, database, replica);
      await writer.touchAll();
      const { code, stdout, stderr } = await replicate(database, replica, ['--until', 'now']);
      expect(code, `${stderr}${stdout.slice(-TOLD)}`).toBe(0);
      changes += stdout.split('\n').filter((line) => FOLLOWED.test(line)).length;
      writer.seen();
    }
    expect(changes).toBeGreaterThan(0);
    await catchUp({ source: database.url, slot: `${database.name}_copy`, open: () => copy.open() });
    await expectEqual(database.url, replica, copy, (table) => writer.story(table));
    await expectSource(database.url, replica);
  } finally {
    await writer.close();
    await Promise.all([replica.close(), copy.close(), database.drop()]);
  }
}

type Source = { readonly name: string; readonly url: string };

const replicate = (
  { name, url }: Source,
  place: Place,
  more: readonly string[],
  options: Parameters<typeof pg2any>[1] = {},
): Promise<Outcome> =>
  pg2any(['replicate', '--env', '--json', ...more], {
    ...options,
    env: {
      CDC_SOURCE_URL: url,
      CDC_DEST_URL: place.url.href,
      CDC_REPLICATION_SLOT: name,
      CDC_PUBLICATION: name,
      CDC_BATCH_SIZE: String(place.engine === 'sqlite' ? 7 : 50),
    },
  });

/** One life, which ends in the middle of what is written, or right after it has changed a table at the destination. */
async function killed(writer: Writer, draw: Draw, database: Source, place: Place): Promise<void> {
  const following = draw.one(2);
  const transactions = 15 + draw.int(20);
  const lines = draw.int(4);
  let kill = (): void => undefined;
  let started = (): void => undefined;
  const streaming = new Promise<void>((resolve) => {
    started = resolve;
  });
  let followed = 0;
  const life = replicate(database, place, [], {
    onStart: (child) => {
      kill = () => void child.kill('SIGKILL');
    },
    onLine: (line) => {
      if (line.includes('"streaming"')) started();
      if (FOLLOWED.test(line) && following && followed++ === lines) kill();
    },
  });
  const ended = life.then(() => undefined);
  for (let left = draw.int(8); left > 0; left--) await writer.transaction();
  await Promise.race([streaming, ended]);
  for (let left = transactions; left > 0; left--) await writer.transaction();
  kill();
  const { signal, stdout, stderr } = await life;
  expect(signal, `${stderr}${stdout.slice(-TOLD)}`).toBe('SIGKILL');
}

/** Told by the source itself, by the types that look the same everywhere: what a copy does wrong too does not pass. */
async function expectSource(url: string, place: Place): Promise<void> {
  for (const [table, columns] of await plainColumns(url)) {
    const list = (quote: (name: string) => string): string => columns.map(quote).join(', ');
    const wanted = await pgRows(url, `SELECT ${list((name) => `${name}::text`)} FROM ${table}`);
    const found = await place.query(`SELECT ${list(place.quote)} FROM ${place.quote(table)}`);
    expect(sorted(found), table).toEqual(sorted(wanted));
  }
}

async function plainColumns(url: string): Promise<readonly (readonly [string, readonly string[]])[]> {
  const found = await pgRows(
    url,
    `SELECT table_name, string_agg(column_name, ',') FROM information_schema.columns WHERE table_schema = 'public'
     AND data_type IN ('smallint', 'integer', 'bigint', 'text', 'character varying') GROUP BY 1`,
  );
  return found.map(([table, columns]) => [table ?? '', (columns ?? '').split(',')]);
}
