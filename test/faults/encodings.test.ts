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
  /** "é" in LATIN1, which is no UTF-8. */
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
      message: expect.stringMatching(/row 2 of public\.naïve/),
    });
    expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
    expect(JSON.stringify(f.memory.rows('public.naïve'))).not.toContain('\uFFFD');
  });

  it('63: stops the stream at bytes that are not UTF-8, names the table, and keeps what came before', async () => {
    const running = startPipeline(setup());
    await running.saw('streaming');
    await sql('INSERT INTO "naïve" VALUES (1, \'good\')');
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

describe('values', { timeout: 60_000 }, () => {
  const f = sourceFixture('values');
  /** Copies one row with these values, streams another, and gives what arrived of both. */
  const arrive = async (columns: string, values: string) => {
    await f.sql(`DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, ${columns})`);
    await f.sql(`INSERT INTO t VALUES (1, ${values})`);
    await catchUp(f.setup());
    await f.sql(`INSERT INTO t VALUES (2, ${values})`);
    await catchUp(f.setup());
    const [copied, streamed] = f.memory.rows('public.t').map((row) => row.slice(1));
    expect(streamed, 'copy and stream agree').toEqual(copied);
    return copied;
  };

  it('67: keeps NUL bytes of bytea', async () => {
    expect(await arrive('b bytea, bs bytea[]', "'\\x00ff005c0a09', ARRAY['\\x00', '\\x5c']::bytea[]")).toEqual([
      '\\x00ff005c0a09',
      '{"\\\\x00","\\\\x5c"}',
    ]);
  });

  it('67: keeps every other control character, tab, newline and backslash of text', async () => {
    const text = String.fromCharCode(...Array.from({ length: 31 }, (_, index) => index + 1), 127).concat('\\N\\.');
    const literal = `E'${[...text].map((char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}'`;
    expect(await arrive('v text', literal)).toEqual([text]);
  });

  it('69: brings infinity, NaN, negative zero and years BC as PostgreSQL writes them', async () => {
    const columns = 'f float8, g float8, n numeric, d date, e date, at timestamptz, ts timestamp, z float4';
    const values = `'NaN', '-Infinity', 'NaN', 'infinity', '0044-03-15 BC', '-infinity', '4713-01-01 00:00:00 BC', '-0'`;
    expect(await arrive(columns, values)).toEqual([
      'NaN',
      '-Infinity',
      'NaN',
      'infinity',
      '0044-03-15 BC',
      '-infinity',
      '4713-01-01 00:00:00 BC',
      '-0',
    ]);
  });

  it('69: keeps microseconds, all digits and the scale of numbers', async () => {
    const columns = 'at timestamptz, t time, i interval, f float8, r float4, n numeric, big int8, m money';
    const values = `'2024-02-29 23:59:59.999999+05:30', '24:00:00', '-1 year 2 days -00:00:00.000001', 0.1::float8 + 0.2, 16777217,
      12345678901234567890123456789012345678.900, -9223372036854775808, '-92233720368547758.08'`;
    expect(await arrive(columns, values)).toEqual([
      '2024-02-29 18:29:59.999999+00',
      '24:00:00',
      'P-1Y2DT-0.000001S',
      '0.30000000000000004',
      '1.6777216e+07',
      '12345678901234567890123456789012345678.900',
      '-9223372036854775808',
      '-$92,233,720,368,547,758.08',
    ]);
  });

  it('69: keeps the text of json, the digits of jsonb, and JSON null apart from NULL', async () => {
    const columns = 'j json, b jsonb, n jsonb, nothing jsonb';
    const values = `'{"b":1,  "a":12345678901234567890.10}', '{"a": 12345678901234567890.10, "u": "\\u00e9\\\\"}', 'null', NULL`;
    expect(await arrive(columns, values)).toEqual([
      '{"b":1,  "a":12345678901234567890.10}',
      '{"a": 12345678901234567890.10, "u": "é\\\\"}',
      'null',
      null,
    ]);
  });

  it('64: keeps the replacement character where it is what the source holds', async () => {
    expect(await arrive('v text, w text', "U&'\\FFFD', '𝔘𝔫𝔦 👩‍👩‍👧‍👦'")).toEqual(['\uFFFD', '𝔘𝔫𝔦 👩‍👩‍👧‍👦']);
  });
});
