import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  dropPublication,
  ensurePublication,
  MADE_BY_US,
  publicationExists,
  publicationSql,
} from '../../src/source/publication.ts';
import { sourceSession } from '../support/source-session.ts';

const ODD = 'My "Pub", it\'s';

describe('the publication', () => {
  const s = sourceSession(18);
  const tables = async (name: string) =>
    (await s.query('SELECT schemaname, tablename FROM pg_catalog.pg_publication_tables WHERE pubname = $1', [name]))
      .map((row) => `${row.schemaname}.${row.tablename}`)
      .sort();

  beforeAll(async () => {
    await s.query('CREATE TABLE public.a (id int PRIMARY KEY)');
    await s.query('CREATE TABLE public."B, ""b""" (id int PRIMARY KEY)');
    await s.query('CREATE TABLE public.part (id int PRIMARY KEY) PARTITION BY RANGE (id)');
    await s.query('CREATE TABLE public.part_1 PARTITION OF public.part FOR VALUES FROM (0) TO (9)');
    await s.query('CREATE UNLOGGED TABLE public.unlogged (id int)');
    await s.query('CREATE TEMPORARY TABLE scratch (id int)');
    await s.query('CREATE VIEW public.v AS SELECT 1 AS one');
  });
  afterEach(async () => {
    for (const { pubname } of await s.query('SELECT pubname FROM pg_catalog.pg_publication'))
      await s.query(`DROP PUBLICATION "${pubname?.replaceAll('"', '""')}"`);
  });

  it('is for all tables where the role may publish them', async () => {
    expect(await publicationSql(s.query, 'p', null)).toEqual([
      'CREATE PUBLICATION "p" FOR ALL TABLES WITH (publish_via_partition_root = true)',
      `COMMENT ON PUBLICATION "p" IS '${MADE_BY_US}'`,
    ]);
  });

  it('lists the tables for a role that may not: partitions as their root, nothing that cannot be published', async () => {
    const modest = await s.as('modest', 'REPLICATION');
    try {
      expect((await publicationSql(modest.query, 'p', null))[0]).toBe(
        'CREATE PUBLICATION "p" FOR TABLE "public"."B, ""b""", "public"."a", "public"."part" WITH (publish_via_partition_root = true)',
      );
    } finally {
      await modest.end();
    }
  });

  it('quotes its name and those of its tables', async () => {
    expect(await ensurePublication(s.query, ODD, ['public.B, "b"', 'public.part'])).toBe(true);
    expect(await publicationExists(s.query, ODD)).toBe(true);
    expect(await tables(ODD)).toEqual(['public.B, "b"', 'public.part']);
  });

  it('is adopted as it is when it exists', async () => {
    await s.query(`CREATE PUBLICATION "${ODD.replaceAll('"', '""')}" FOR TABLE public.a`);
    expect(await ensurePublication(s.query, ODD, ['public.part'])).toBe(false);
    expect(await tables(ODD)).toEqual(['public.a']);
  });

  it('is not created when a table is missing: the message names each one', async () => {
    const listed = ['public.a', 'public.nope', 'public.A', 'public.unlogged', 'public.v'];
    await expect(ensurePublication(s.query, 'p', listed)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'the source has no table "public.nope", "public.A", "public.unlogged", "public.v"',
      hint: expect.stringContaining('schema.table'),
    });
    expect(await publicationExists(s.query, 'p')).toBe(false);
  });

  it('says which right is missing when the role may not create it', async () => {
    const weak = await s.as('weak', '');
    try {
      await expect(ensurePublication(weak.query, 'p', ['public.a'])).rejects.toMatchObject({
        code: 'SOURCE_PRIVILEGE',
      });
    } finally {
      await weak.end();
    }
    expect(await publicationExists(s.query, 'p')).toBe(false);
  });

  it('is dropped when pg2any made it', async () => {
    await ensurePublication(s.query, ODD, ['public.a']);
    expect(await dropPublication(s.query, ODD)).toBe(true);
    expect(await publicationExists(s.query, ODD)).toBe(false);
    expect(await dropPublication(s.query, ODD)).toBe(false);
  });

  it.each([null, 'somebody else made it'])('is left alone when its comment is %s', async (comment) => {
    await s.query('CREATE PUBLICATION p FOR TABLE public.a');
    if (comment) await s.query(`COMMENT ON PUBLICATION p IS '${comment}'`);
    expect(await dropPublication(s.query, 'p')).toBe(false);
    expect(await publicationExists(s.query, 'p')).toBe(true);
  });
});
