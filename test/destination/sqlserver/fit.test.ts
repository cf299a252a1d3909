import { describe, expect, it } from 'vitest';
import type { ExistingColumn } from '../../../src/destination/contract.ts';
import { misfit, widens } from '../../../src/destination/sqlserver/misfit.ts';
import { codec } from '../../../src/destination/sqlserver/types.ts';
import { column, pgType, relation } from '../../support/relations.ts';
import { dialect } from './targets.ts';

const BIN2 = 'Latin1_General_100_BIN2';
const found = (type: string, collation: string | null = /char/.test(type) ? BIN2 : null): ExistingColumn => ({
  name: 'c',
  type,
  collation,
  nullable: true,
  hasDefault: false,
  generated: false,
});
const of = (type: string, typmod = -1, keyBytes: number | null = null) =>
  codec({ type: pgType(type, typmod) }, { keyBytes });
const decimal = (precision: number, scale: number) => of('numeric', ((precision << 16) | scale) + 4);

describe('columns that are there at SQL Server', () => {
  it.each([
    ['int', of('int4')],
    ['bigint', of('int4')],
    ['float', of('float4')],
    ['decimal(20,4)', decimal(10, 2)],
    ['datetime2(7)', of('timestamp')],
    ['nvarchar(max)', of('varchar', 14)],
    ['nvarchar(max)', of('text')],
    ['varchar(43)', of('inet')],
    ['varbinary(max)', of('bytea')],
  ] as const)('%s is taken where it holds every value', (type, wanted) => {
    expect(misfit(found(type), wanted, false)).toBeNull();
  });

  it.each([
    ['int', of('int8'), 'bigint is needed'],
    ['real', of('float8'), 'float is needed'],
    ['datetime', of('timestamp'), 'datetime2(6) is needed'],
    ['datetime2(3)', of('timestamp'), 'datetime2(6) is needed'],
    ['datetime2(6)', of('timestamptz'), 'datetimeoffset(6) is needed'],
    ['decimal(10,4)', decimal(10, 2), 'decimal(10,2) is needed'],
    ['nvarchar(10)', of('varchar', 14), 'nvarchar(20)'],
    ['varchar(max)', of('text'), 'nvarchar(max)'],
    ['nchar(20)', of('varchar', 14), 'nvarchar(20)'],
    ['binary(10)', of('bytea'), 'varbinary(max)'],
    ['money', of('money'), 'decimal(19,2)'],
    ['int identity', of('int4'), 'IDENTITY'],
  ] as const)('%s is refused where it would change a value', (type, wanted, why) => {
    expect(misfit(found(type), wanted, false)).toContain(why);
  });

  it('may be keys only where different texts are never equal', () => {
    const key = of('text', -1, 1700);
    expect(misfit(found('nvarchar(850)', 'SQL_Latin1_General_CP1_CI_AS'), key, true)).toContain(
      'different keys become one',
    );
    expect(misfit(found('nvarchar(850)'), key, true)).toBeNull();
    expect(misfit(found('nvarchar(850)', 'bbf_unicode_bin2'), key, true)).toBeNull();
    expect(misfit(found('bigint identity'), of('int8'), true)).toBeNull();
  });

  it.each([
    ['int', of('int8'), true],
    ['bigint', of('int4'), false],
    ['int', decimal(10, 0), true],
    ['int', decimal(9, 0), false],
    ['decimal(10,2)', decimal(20, 4), true],
    ['nvarchar(20)', of('text'), true],
    ['int', of('text'), false],
    ['uniqueidentifier', of('text'), false],
    ['datetime2(3)', of('timestamp'), true],
    ['datetime2(6)', of('timestamptz'), false],
    ['varbinary(10)', of('bytea'), true],
  ] as const)('%s to another type: keeps every value or is left to somebody who looks', (type, wanted, keeps) => {
    expect(widens(found(type), wanted)).toBe(keeps);
  });
});

describe('tables that SQL Server cannot hold', () => {
  it.each([
    ['columns that differ in case only', relation('t', ['id int4', 'Id int4'], ['id']), 'differ in case only'],
    ['a name that ends with a space', relation('t ', ['id int4'], ['id']), 'ends with a space'],
    ['the name of a temporary table', relation('#t', ['id int4'], ['id']), 'temporary'],
    [
      'too many columns',
      relation(
        't',
        Array.from({ length: 1025 }, (_, i) => `c${i} bool`),
        'none',
      ),
      '1024',
    ],
    [
      'columns that no page holds',
      relation(
        't',
        Array.from({ length: 400 }, (_, i) => `c${i} text`),
        'none',
      ),
      'row',
    ],
    [
      'a key of too many columns',
      relation(
        't',
        Array.from({ length: 33 }, (_, i) => `c${i} int4`),
        Array.from({ length: 33 }, (_, i) => `c${i}`),
      ),
      '32',
    ],
  ])('%s: is said before anything is made', (_, one, why) => {
    expect(() => dialect.codecs(one)).toThrow(
      expect.objectContaining({ code: 'TABLE_UNSUITABLE', message: expect.stringContaining(why) }),
    );
  });

  it('share the bytes of a key among its columns, and leave the clustered index where they are many', () => {
    const wide = relation('t', ['a text', 'b text'], ['a', 'b']);
    const [sql] = dialect.createTable(wide, dialect.codecs(wide));
    expect(sql).toContain('[a] nvarchar(425)');
    expect(sql).toContain('PRIMARY KEY NONCLUSTERED ([a], [b])');
  });

  it('never say timestamp, which is a row version there', () => {
    for (const type of ['timestamp', 'timestamptz', 'date', 'time'])
      expect(codec(column('c', type), { keyBytes: null }).ddl).not.toMatch(/^timestamp|^rowversion/);
  });
});
