import { it } from 'vitest';
import { mysqlPlace } from '../contract/mysql-place.ts';
import type { OpenPlace, Place } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { catchUp, type Setup, startPipeline } from '../support/pipeline.ts';
import { SEED } from '../support/seed.ts';
import { describeWith, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { expectEqual } from './compare.ts';
import { createDraw, type Draw } from './draw.ts';
import { Writer } from './writer.ts';

/** Lives of the pipeline in one run, and runs per destination. */
const LIVES = 5;
const RUNS = Number(process.env.RUNS ?? 3);

const source = await postgres();

await describeWith(
  'any changes of rows and tables, on the way to SQLite',
  async () => null,
  () => {
    differential(sqlitePlace);
  },
);
await describeWith('any changes of rows and tables, on the way to MariaDB', mariadb, (server) => {
  differential(() => mysqlPlace('mariadb', server));
});

function differential(open: OpenPlace): void {
  it.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
    'leave the destination as a fresh copy would be (seed %i)',
    async (seed) => {
      const [database, replica, copy] = await Promise.all([freshDatabase(source), open(), open()]);
      const draw = createDraw(seed);
      const writer = new Writer(database.url, draw);
      try {
        await writer.open();
        await live(writer, draw, setupOf(database.url, 'replica', replica));
        await catchUp(setupOf(database.url, 'copy', copy));
        await expectEqual(database.url, replica, copy, (table) => `seed ${seed}, ${writer.story(table)}`);
      } finally {
        await writer.close();
        await Promise.all([replica.close(), copy.close(), database.drop()]);
      }
    },
  );
}

const setupOf = (url: string, slot: string, place: Place): Setup => ({
  source: url,
  slot: `${slot}_${new URL(url).pathname.slice(1)}`,
  open: () => place.open(),
});

/** Writes while pipelines come and go, some of them with tiny batches; ends when everything has arrived. */
async function live(writer: Writer, draw: Draw, setup: Setup): Promise<void> {
  for (let life = 0; life < LIVES; life++) {
    for (let left = draw.int(10); left > 0; left--) await writer.transaction();
    const limits = { rows: draw.of([1, 7, 100, 10_000]), bytes: 8 * 1024 * 1024 };
    const running = startPipeline({ ...setup, pipeline: { limits } });
    await running.saw('streaming');
    for (let left = 5 + draw.int(20); left > 0; left--) await writer.transaction();
    await running.stop();
    if (draw.one(2)) await allOf(writer, setup);
  }
  await allOf(writer, setup);
}

async function allOf(writer: Writer, setup: Setup): Promise<void> {
  await writer.touchAll();
  await catchUp(setup);
  writer.seen();
}
