import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { catchUp, type Setup, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

describe('a source without an encoding (SQL_ASCII)', { timeout: 60_000 }, () => {
  const f = sourceFixture('ascii');
  let url: URL;
  const setup = (): Setup => ({ ...f.setup(), source: url.href });
  const sql = async (text: string) => {
    const client = new pg.Client(url.href);
    await client.connect();
    // As an application of such a database does: bytes go in as they are.
    await client.query("SET client_encoding = 'SQL_ASCII'");
    await client.query(text).finally(() => client.end());
  };
  /** "ÿ" in LATIN1, which is no UTF-8. */
  const bad = "E'caf\\xe9'";

  beforeEach(async () => {
    await f.sql(`CREATE DATABASE ${f.slot} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
    url = new URL(f.server.url);
    url.pathname = `/${f.slot}`;
    await sql('CREATE TABLE "naïve" (id int PRIMARY KEY, v text)');
  });

  it('63: replicates it as long as its bytes are UTF-8, names included', async () => {
    await sql(`INSERT INTO "naïve" VALUES (1, 'Ångström 😀')`);
    await catchUp(setup());
    await sql(`INSERT INTO "naïve" VALUES (2, 'déjà vu')`);
    await catchUp(setup());
    expect(f.memory.rows('public.naïve')).toEqual([
      ['1', 'Ångström 😀'],
      ['2', 'déjà vu'],
    ]);
  });

  it('63: stops the copy at bytes that are not UTF-8 and names table and row', async () => {
    await sql(`INSERT INTO "naïve" VALUES (1, 'good'), (2, ${bad})`);
    const running = startPipeline(setup());
    await expect(running.done).rejects.toMatchObject({
      code: 'SOURCE_ENCODING',
      message: expect.stringMatching(/public\.naïve.*row 2/),
    });
    expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
    expect(JSON.stringify(f.memory.rows('public.naïve'))).not.toContain('\uFFFD');
  });

  it('63: stops the stream at bytes that are not UTF-8, names the table, and keeps what came before', async () => {
    const running = startPipeline(setup());
    await running.saw('streaming');
    await sql("INSERT INTO \"naïve\" VALUES (1, 'good')");
    await until(() => f.memory.applied.length === 1);
    await sql(`INSERT INTO "naïve" VALUES (2, ${bad})`);
    await expect(running.done).rejects.toMatchObject({
      code: 'SOURCE_ENCODING',
      message: expect.stringContaining('public.naïve'),
      exitCode: 7,
    });
    expect(f.memory.rows('public.naïve')).toEqual([['1', 'good']]);
    await expect(catchUp(setup()), 'nothing is skipped').rejects.toMatchObject({ code: 'SOURCE_ENCODING' });
  });
});
