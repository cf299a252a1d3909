import { describe, expect, it } from 'vitest';
import {
  createStage,
  deleteAll,
  deleteOneSql,
  deleteSql,
  emptySql,
  insertAll,
  insertSql,
  patchAll,
  patchOneSql,
  patchSql,
  upsertAll,
  upsertSql,
} from '../../../src/destination/sqlserver/statements.ts';
import { DEFAULT_RULES } from '../../../src/model/mapping.ts';
import { relation } from '../../support/relations.ts';
import { dialect, targetFor } from './targets.ts';

const item = targetFor(
  relation('it]em', ['id int8', 'code text', 'price numeric', 'at timestamptz', 'raw bytea'], ['id', 'code']),
);
const link = targetFor(relation('link', ['a int4', 'b uuid'], ['a', 'b']));
const journal = targetFor(relation('journal', ['n int4', 'what text', 'raw bytea', 'at timestamp'], 'row'));
const hashed = targetFor(relation('page', ['url text', 'body text'], ['url']), {
  ...DEFAULT_RULES,
  types: { ...DEFAULT_RULES.types, keysText: 'hash' },
});

describe('T-SQL', () => {
  it('makes tables, without IDENTITY and with the key that fits', () => {
    expect(dialect.createTable(item.relation, item.codecs)).toMatchInlineSnapshot(`
      [
        "IF OBJECT_ID(N'[dbo].[it]]em]') IS NULL CREATE TABLE [dbo].[it]]em] (
        [id] bigint NOT NULL,
        [code] nvarchar(425) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [price] decimal(38,20) NULL,
        [at] datetimeoffset(6) NULL,
        [raw] varbinary(max) NULL,
        PRIMARY KEY CLUSTERED ([id], [code])
      )",
      ]
    `);
    expect(
      dialect.createTable({ ...link.relation, target: { schema: 'sales', name: 'link' } }, link.codecs),
    ).toMatchInlineSnapshot(`
      [
        "IF SCHEMA_ID(N'sales') IS NULL EXEC(N'CREATE SCHEMA [sales]')",
        "IF OBJECT_ID(N'[sales].[link]') IS NULL CREATE TABLE [sales].[link] (
        [a] int NOT NULL,
        [b] uniqueidentifier NOT NULL,
        PRIMARY KEY CLUSTERED ([a], [b])
      )",
      ]
    `);
    expect(dialect.createTable(hashed.relation, hashed.codecs)).toMatchInlineSnapshot(`
      [
        "IF OBJECT_ID(N'[dbo].[page]') IS NULL CREATE TABLE [dbo].[page] (
        [url] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [body] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        [pg2any_key_1] AS CAST(HASHBYTES('SHA2_256', [url]) AS binary(32)) PERSISTED NOT NULL,
        PRIMARY KEY CLUSTERED ([pg2any_key_1])
      )",
      ]
    `);
    expect(dialect.createTable(journal.relation, journal.codecs)).toMatchInlineSnapshot(`
      [
        "IF OBJECT_ID(N'[dbo].[journal]') IS NULL CREATE TABLE [dbo].[journal] (
        [n] int NULL,
        [what] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
        [raw] varbinary(max) NULL,
        [at] datetime2(6) NULL
      )",
      ]
    `);
  });

  it('makes staging tables whose columns have names of their own', () => {
    expect(createStage('#pg2any_1', item)).toMatchInlineSnapshot(
      `"IF OBJECT_ID(N'tempdb..#pg2any_1') IS NULL CREATE TABLE #pg2any_1 (c1 bigint NULL, c2 nvarchar(425) COLLATE Latin1_General_100_BIN2 NULL, c3 nvarchar(42) COLLATE Latin1_General_100_BIN2 NULL, c4 nvarchar(40) COLLATE Latin1_General_100_BIN2 NULL, c5 varbinary(max) NULL);"`,
    );
  });

  it('writes many rows from a staging table, never by MERGE', () => {
    expect(upsertAll(item, '#pg2any_1', false)).toMatchInlineSnapshot(`
      "UPDATE t SET t.[price] = CAST(s.c3 AS decimal(38,20)), t.[at] = CAST(s.c4 AS datetimeoffset(6)), t.[raw] = s.c5 FROM [dbo].[it]]em] AS t INNER JOIN #pg2any_1 AS s ON t.[id] = s.c1 AND t.[code] = s.c2;
      INSERT INTO [dbo].[it]]em] ([id], [code], [price], [at], [raw]) SELECT s.c1, s.c2, CAST(s.c3 AS decimal(38,20)), CAST(s.c4 AS datetimeoffset(6)), s.c5 FROM #pg2any_1 AS s WHERE NOT EXISTS (SELECT 1 FROM [dbo].[it]]em] AS t WHERE t.[id] = s.c1 AND t.[code] = s.c2);
      TRUNCATE TABLE #pg2any_1;"
    `);
    expect(upsertAll(link, '#pg2any_1', true)).toMatchInlineSnapshot(`
      "SET IDENTITY_INSERT [dbo].[link] ON;
      INSERT INTO [dbo].[link] ([a], [b]) SELECT s.c1, s.c2 FROM #pg2any_1 AS s WHERE NOT EXISTS (SELECT 1 FROM [dbo].[link] AS t WHERE t.[a] = s.c1 AND t.[b] = s.c2);
      SET IDENTITY_INSERT [dbo].[link] OFF;
      TRUNCATE TABLE #pg2any_1;"
    `);
    expect(upsertAll(hashed, '#pg2any_1', false)).toMatchInlineSnapshot(`
      "UPDATE t SET t.[body] = s.c2 FROM [dbo].[page] AS t INNER JOIN #pg2any_1 AS s ON t.[pg2any_key_1] = CAST(HASHBYTES('SHA2_256', s.c1) AS binary(32));
      INSERT INTO [dbo].[page] ([url], [body]) SELECT s.c1, s.c2 FROM #pg2any_1 AS s WHERE NOT EXISTS (SELECT 1 FROM [dbo].[page] AS t WHERE t.[pg2any_key_1] = CAST(HASHBYTES('SHA2_256', s.c1) AS binary(32)));
      TRUNCATE TABLE #pg2any_1;"
    `);
    expect(insertAll(journal, '#pg2any_1', false)).toMatchInlineSnapshot(`
      "INSERT INTO [dbo].[journal] ([n], [what], [raw], [at]) SELECT s.c1, s.c2, s.c3, CAST(s.c4 AS datetime2(6)) FROM #pg2any_1 AS s;
      TRUNCATE TABLE #pg2any_1;"
    `);
    expect(deleteAll(item, '#pg2any_1')).toMatchInlineSnapshot(`
      "DELETE t FROM [dbo].[it]]em] AS t INNER JOIN #pg2any_1 AS s ON t.[id] = s.c1 AND t.[code] = s.c2;
      TRUNCATE TABLE #pg2any_1;"
    `);
    expect(patchAll(item, '#pg2any_1', [2, 3])).toMatchInlineSnapshot(`
      "UPDATE t SET t.[price] = CAST(s.c3 AS decimal(38,20)), t.[at] = CAST(s.c4 AS datetimeoffset(6)) FROM [dbo].[it]]em] AS t INNER JOIN #pg2any_1 AS s ON t.[id] = s.c1 AND t.[code] = s.c2;
      SELECT COUNT(*) FROM #pg2any_1 AS s WHERE NOT EXISTS (SELECT 1 FROM [dbo].[it]]em] AS t WHERE t.[id] = s.c1 AND t.[code] = s.c2);
      TRUNCATE TABLE #pg2any_1;"
    `);
    expect(emptySql(item)).toMatchInlineSnapshot(`"DELETE FROM [dbo].[it]]em];"`);
  });

  it('writes single rows by parameters', () => {
    expect(upsertSql(item, false)(1)).toMatchInlineSnapshot(`
      "UPDATE t SET t.[price] = CAST(@p3 AS decimal(38,20)), t.[at] = CAST(@p4 AS datetimeoffset(6)), t.[raw] = @p5 FROM [dbo].[it]]em] AS t WHERE t.[id] = @p1 AND t.[code] = @p2;
      IF @@ROWCOUNT = 0
      BEGIN
      INSERT INTO [dbo].[it]]em] ([id], [code], [price], [at], [raw]) VALUES (@p1, @p2, CAST(@p3 AS decimal(38,20)), CAST(@p4 AS datetimeoffset(6)), @p5);
      END;"
    `);
    expect(upsertSql(link, true)(4)).toMatchInlineSnapshot(`
      "IF NOT EXISTS (SELECT 1 FROM [dbo].[link] AS t WHERE t.[a] = @p4 AND t.[b] = @p5)
      BEGIN
      SET IDENTITY_INSERT [dbo].[link] ON;
      INSERT INTO [dbo].[link] ([a], [b]) VALUES (@p4, @p5);
      SET IDENTITY_INSERT [dbo].[link] OFF;
      END;"
    `);
    expect(insertSql(journal, false)(1)).toMatchInlineSnapshot(
      `"INSERT INTO [dbo].[journal] ([n], [what], [raw], [at]) VALUES (@p1, @p2, @p3, CAST(@p4 AS datetime2(6)));"`,
    );
    expect(deleteSql(item)(1)).toMatchInlineSnapshot(
      `"DELETE t FROM [dbo].[it]]em] AS t WHERE t.[id] = @p1 AND t.[code] = @p2;"`,
    );
    expect(patchSql(item, [2])(3)).toMatchInlineSnapshot(
      `"UPDATE t SET t.[price] = CAST(@p3 AS decimal(38,20)) FROM [dbo].[it]]em] AS t WHERE t.[id] = @p4 AND t.[code] = @p5;"`,
    );
    expect(patchSql(hashed, [1])(1)).toMatchInlineSnapshot(
      `"UPDATE t SET t.[body] = @p1 FROM [dbo].[page] AS t WHERE t.[pg2any_key_1] = CAST(HASHBYTES('SHA2_256', @p2) AS binary(32));"`,
    );
  });

  it('finds one of several equal rows with the spaces and zero bytes at their end', () => {
    expect(deleteOneSql(journal, ['1', 'a ', '\\x6100', null])(1)).toMatchInlineSnapshot(
      `"DELETE TOP (1) t FROM [dbo].[journal] AS t WHERE t.[n] = @p1 AND t.[what] = @p2 COLLATE Latin1_General_100_BIN2 AND DATALENGTH(t.[what]) = DATALENGTH(@p2) AND t.[raw] = @p3 AND DATALENGTH(t.[raw]) = DATALENGTH(@p3) AND t.[at] IS NULL;"`,
    );
    expect(patchOneSql(journal, [1], ['1', null, null, '2024-01-01 00:00:00'])(1)).toMatchInlineSnapshot(
      `"UPDATE TOP (1) t SET t.[what] = @p1 FROM [dbo].[journal] AS t WHERE t.[n] = @p2 AND t.[what] IS NULL AND t.[raw] IS NULL AND t.[at] = CAST(@p3 AS datetime2(6));"`,
    );
  });

  it('follows changes of tables', () => {
    const [at, price] = [item.place, item.codecs[2]];
    if (!price) throw new Error('no codec');
    expect(dialect.addColumn(at, "o'c", price, '1.5')).toMatchInlineSnapshot(
      `"ALTER TABLE [dbo].[it]]em] ADD [o'c] decimal(38,20) NULL DEFAULT CAST(N'1.5' AS decimal(38,20)) WITH VALUES"`,
    );
    expect(dialect.changeColumn(at, 'price', price, { key: null, fill: null })).toMatchInlineSnapshot(`
      [
        "ALTER TABLE [dbo].[it]]em] ALTER COLUMN [price] decimal(38,20)",
      ]
    `);
    expect(dialect.changeColumn(at, 'price', price, { key: null, fill: '2' })).toMatchInlineSnapshot(`
      [
        "DECLARE @default sysname = (SELECT d.name FROM sys.default_constraints AS d INNER JOIN sys.columns AS c
        ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id
        WHERE d.parent_object_id = OBJECT_ID(N'[dbo].[it]]em]') AND c.name = N'price');
      DECLARE @drop nvarchar(max) = N'ALTER TABLE [dbo].[it]]em] DROP CONSTRAINT ' + QUOTENAME(@default);
      IF @default IS NOT NULL EXEC(@drop);",
        "ALTER TABLE [dbo].[it]]em] ALTER COLUMN [price] decimal(38,20)",
        "ALTER TABLE [dbo].[it]]em] ADD DEFAULT CAST(N'2' AS decimal(38,20)) FOR [price]",
      ]
    `);
    expect(dialect.changeColumn(at, 'id', price, { key: ['id', 'code'], fill: null })).toMatchInlineSnapshot(`
      [
        "DECLARE @key sysname = (SELECT k.name FROM sys.key_constraints AS k
        WHERE k.parent_object_id = OBJECT_ID(N'[dbo].[it]]em]') AND k.type = 'PK');
      DECLARE @drop nvarchar(max) = N'ALTER TABLE [dbo].[it]]em] DROP CONSTRAINT ' + QUOTENAME(@key);
      IF @key IS NOT NULL EXEC(@drop);",
        "ALTER TABLE [dbo].[it]]em] ALTER COLUMN [id] decimal(38,20) NOT NULL",
        "ALTER TABLE [dbo].[it]]em] ADD PRIMARY KEY NONCLUSTERED ([id], [code])",
      ]
    `);
    expect(dialect.renameColumn(at, 'a]b', "c'd")).toMatchInlineSnapshot(
      `"EXEC sp_rename N'[dbo].[it]]em].[a]]b]', N'c''d', N'COLUMN'"`,
    );
    expect(dialect.dropColumn(at, 'price')).toMatchInlineSnapshot(`
      "DECLARE @default sysname = (SELECT d.name FROM sys.default_constraints AS d INNER JOIN sys.columns AS c
        ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id
        WHERE d.parent_object_id = OBJECT_ID(N'[dbo].[it]]em]') AND c.name = N'price');
      DECLARE @drop nvarchar(max) = N'ALTER TABLE [dbo].[it]]em] DROP CONSTRAINT ' + QUOTENAME(@default);
      IF @default IS NOT NULL EXEC(@drop);
      ALTER TABLE [dbo].[it]]em] DROP COLUMN [price]"
    `);
    expect(dialect.renameTable(at, dialect.place({ schema: 'sales', name: 'new' }))).toMatchInlineSnapshot(`
      [
        "EXEC sp_rename N'[dbo].[it]]em]', N'new', N'OBJECT'",
        "IF SCHEMA_ID(N'sales') IS NULL EXEC(N'CREATE SCHEMA [sales]')",
        "ALTER SCHEMA [sales] TRANSFER [dbo].[new]",
      ]
    `);
    expect(dialect.addKey(at, ['id'])).toMatchInlineSnapshot(`"ALTER TABLE [dbo].[it]]em] ADD UNIQUE ([id])"`);
  });

  it('locks a row under every isolation level', () => {
    expect(dialect.lockingSelect('a, b', '[t]', 'slot = @p1')).toMatchInlineSnapshot(
      `"UPDATE [t] SET a = a OUTPUT inserted.a, inserted.b WHERE slot = @p1"`,
    );
    expect(dialect.anyRow('[t]')).toMatchInlineSnapshot(`"SELECT TOP (1) 1 FROM [t]"`);
  });
});
