import type { ColumnOverride } from '../../src/model/mapping.ts';
import type { PgType } from '../../src/model/relation.ts';
import { pgType } from '../support/relations.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { MYSQL, OWN } from './mysql-options.ts';
import { chosen, ints, mood, type OptionCase, same } from './option-samples.ts';
import { SQLSERVER } from './sqlserver-options.ts';

export type { OptionCase } from './option-samples.ts';

const BOTH: readonly OptionCase[] = [
  {
    type: pgType('numeric'),
    own: { numericUnbounded: 'text' },
    kept: same('NaN', '-Infinity', '1.50', `${'9'.repeat(200)}.${'1'.repeat(200)}`),
    refused: [],
  },
  {
    type: ints,
    own: { arrays: 'pgtext' },
    kept: same('{1,NULL,3}', '[0:1]={7,8}', '{}'),
    refused: [],
  },
  {
    type: pgType('timestamptz'),
    own: chosen('TEXT'),
    kept: [
      ['infinity', 'infinity'],
      ['2024-01-02 03:04:05+00', '2024-01-02 03:04:05+00:00'],
    ],
    refused: [],
  },
  {
    type: pgType('uuid'),
    own: { uuid: 'binary16' },
    kept: [['00112233-4455-6677-8899-aabbccddee00', '00112233445566778899aabbccddee00']],
    refused: [],
  },
];

const SQLITE: readonly OptionCase[] = [
  {
    type: pgType('numeric'),
    own: chosen('INTEGER'),
    kept: [
      ['12.00', '12'],
      ['-9223372036854775808', '-9223372036854775808'],
    ],
    refused: [
      ['9223372036854775808', 'NUMERIC_OVERFLOW'],
      ['0.5', 'NUMERIC_SCALE'],
      ['NaN', 'NUMERIC_NAN'],
    ],
  },
  { type: pgType('bool'), own: chosen('TEXT'), kept: same('t', 'f'), refused: [] },
  { type: pgType('int4'), own: chosen('REAL'), kept: [['-2147483648', '-2147483648']], refused: [] },
];

export function casesOf(engine: EngineName): readonly OptionCase[] {
  if (engine === 'sqlite') return [...BOTH, ...SQLITE];
  if (engine === 'sqlserver') return [...BOTH.filter(({ own }) => own.type !== 'TEXT'), ...SQLSERVER];
  return [...BOTH, ...MYSQL, ...OWN[engine]];
}

type RefusedChoice = readonly [type: PgType, own: ColumnOverride, message: string];

const REFUSED: Readonly<Record<EngineName, readonly RefusedChoice[]>> = {
  sqlite: [
    [pgType('numeric'), chosen('REAL'), 'exactly'],
    [pgType('text'), chosen('VARCHAR(5)'), 'INTEGER, REAL, TEXT, BLOB'],
    [pgType('text'), chosen('INTEGER'), 'exactly'],
    [pgType('jsonb'), { json: 'native' }, 'no type for jsonb'],
    [mood, { enum: 'native' }, 'no type for enum'],
    [pgType('timestamptz'), { timestamptz: 'datetime2' }, 'does not have'],
  ],
  sqlserver: [
    [pgType('numeric'), chosen('float'), 'exactly'],
    [pgType('timestamptz'), chosen('datetime'), '3.33 ms'],
    [pgType('timestamp'), chosen('timestamp'), 'row version'],
    [pgType('text'), chosen('varchar(10)'), 'code page'],
    [pgType('text'), chosen('nvarchar'), 'nvarchar(n)'],
    [pgType('text'), chosen('date'), 'exactly'],
    [pgType('money'), chosen('money'), 'decimal(19,2)'],
    [pgType('text'), chosen('nvarchar(5) COLLATE Latin1_General_CI_AS'), 'supported are'],
    [pgType('jsonb'), { json: 'native' }, 'no type of SQL Server'],
    [mood, { enum: 'native' }, 'no type of SQL Server'],
  ],
  mysql: [
    [pgType('numeric'), chosen('DOUBLE'), 'exactly'],
    [pgType('timestamptz'), chosen('TIMESTAMP'), '2038'],
    [pgType('timestamptz'), { timestamptz: 'datetime2' }, 'does not have'],
    [pgType('text'), chosen('DATE'), 'exactly'],
    [pgType('text'), chosen('VARCHAR'), 'VARCHAR(n)'],
    [pgType('text'), chosen('VARCHAR(5) COLLATE utf8mb4_general_ci'), 'supported are'],
    [pgType('int4'), chosen('INT UNSIGNED'), 'supported are'],
    [pgType('int4'), chosen('POINT'), 'supported are'],
  ],
  get mariadb() {
    return this.mysql;
  },
};

/** Choices that cannot be granted: the type, what was chosen, and what the message says. */
export const refusedChoices = (engine: EngineName): readonly RefusedChoice[] => REFUSED[engine];
