import type { ColumnOverride, ProblemClass } from '../../src/model/mapping.ts';
import type { PgType } from '../../src/model/relation.ts';
import { pgType } from '../support/relations.ts';
import type { EngineName } from '../support/type-vectors.ts';

/** A column with a choice, and what becomes of values there. */
export interface OptionCase {
  readonly type: PgType;
  readonly own: ColumnOverride;
  /** PostgreSQL's text, and what the destination prints. */
  readonly kept: readonly (readonly [pgText: string, there: string])[];
  readonly refused: readonly (readonly [pgText: string, problem: ProblemClass])[];
  /** What the column says it is. */
  readonly ddl?: RegExp;
}

const chosen = (type: string): ColumnOverride => ({ type });
const same = (...texts: string[]): [string, string][] => texts.map((text) => [text, text]);
const numeric = (precision: number, scale: number): PgType => pgType('numeric', ((precision << 16) | scale) + 4);
const mood: PgType = {
  ...pgType('mood'),
  schema: 'public',
  kind: 'enum',
  enumLabels: ['sad', 'OK', 'ok', '2', "it's", 'back\\slash', ''],
};
const ints: PgType = { ...pgType('_int4'), kind: 'array', element: pgType('int4') };

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

const MYSQL: readonly OptionCase[] = [
  {
    type: pgType('int8'),
    own: chosen('mediumint'),
    kept: same('-8388608', '8388607'),
    refused: [['8388608', 'NUMERIC_OVERFLOW']],
    ddl: /^mediumint/,
  },
  {
    type: numeric(12, 2),
    own: chosen('INT'),
    kept: [['7.00', '7']],
    refused: [
      ['7.10', 'NUMERIC_SCALE'],
      ['2147483648.00', 'NUMERIC_OVERFLOW'],
      ['NaN', 'NUMERIC_NAN'],
    ],
  },
  {
    type: pgType('numeric'),
    own: chosen('DECIMAL(10, 2)'),
    kept: [
      ['1.5', '1.50'],
      ['-12345678.99', '-12345678.99'],
    ],
    refused: [
      ['1.005', 'NUMERIC_SCALE'],
      ['123456789', 'NUMERIC_OVERFLOW'],
      ['Infinity', 'NUMERIC_INFINITY'],
    ],
    ddl: /^decimal\(10,2\)/,
  },
  {
    type: pgType('bool'),
    own: chosen('SMALLINT'),
    kept: [
      ['t', '1'],
      ['f', '0'],
    ],
    refused: [],
  },
  {
    type: pgType('text'),
    own: chosen('VARCHAR(5)'),
    kept: same('', 'abc  ', '😀😀😀😀😀', 'ÄéA'),
    refused: [
      ['abcdef', 'TEXT_TOO_LONG'],
      ['abcde ', 'TEXT_TOO_LONG'],
    ],
    ddl: /^varchar\(5\)/,
  },
  {
    type: pgType('text'),
    own: chosen('CHAR(5)'),
    kept: same('abcde', ''),
    refused: [
      ['abc ', 'TEXT_FORM'],
      ['abcdef', 'TEXT_TOO_LONG'],
    ],
    ddl: /^char\(5\)/,
  },
  {
    type: pgType('text'),
    own: chosen('TINYTEXT'),
    kept: same('ä'.repeat(127)),
    refused: [['ä'.repeat(128), 'TEXT_TOO_LONG']],
    ddl: /^tinytext/,
  },
  { type: pgType('jsonb'), own: chosen('MEDIUMTEXT'), kept: same('{"a": 1.50}'), refused: [], ddl: /^mediumtext/ },
  {
    type: pgType('bytea'),
    own: chosen('VARBINARY(4)'),
    kept: [
      ['\\x00ff00', '00ff00'],
      ['\\x', ''],
    ],
    refused: [['\\x0011223344', 'TEXT_TOO_LONG']],
  },
  {
    type: pgType('bytea'),
    own: chosen('BINARY(2)'),
    kept: [['\\x00ff', '00ff']],
    refused: [
      ['\\x00', 'TEXT_FORM'],
      ['\\x001122', 'TEXT_TOO_LONG'],
    ],
  },
  { type: pgType('bytea'), own: chosen('BLOB'), kept: [['\\x00ff00', '00ff00']], refused: [] },
  {
    type: pgType('timestamp'),
    own: chosen('DATETIME(3)'),
    kept: [
      ['2024-01-02 03:04:05.12', '2024-01-02 03:04:05.120'],
      ['2024-01-02 03:04:05', '2024-01-02 03:04:05.000'],
    ],
    refused: [
      ['2024-01-02 03:04:05.1234', 'TIME_PRECISION'],
      ['infinity', 'INFINITE_DATETIME'],
    ],
  },
  {
    type: pgType('timestamptz'),
    own: chosen('DATETIME'),
    kept: [['2024-01-02 03:04:05+00', '2024-01-02 03:04:05']],
    refused: [['2024-01-02 03:04:05.9+00', 'TIME_PRECISION']],
  },
  {
    type: pgType('date'),
    own: chosen('DATETIME(6)'),
    kept: [['2024-02-29', '2024-02-29 00:00:00.000000']],
    refused: [['0044-03-15 BC', 'BC_DATE']],
  },
  {
    type: pgType('time'),
    own: chosen('TIME'),
    kept: same('24:00:00', '01:02:03'),
    refused: [['01:02:03.5', 'TIME_PRECISION']],
  },
  {
    type: mood,
    own: { enum: 'native' },
    kept: same('sad', 'OK', 'ok', '2', "it's", 'back\\slash', ''),
    refused: [
      ['1', 'UNKNOWN_LABEL'],
      ['Sad', 'UNKNOWN_LABEL'],
    ],
    ddl: /^enum/,
  },
  {
    type: pgType('text'),
    own: chosen("ENUM('a', 'it''s')"),
    kept: same('a', "it's"),
    refused: [['b', 'UNKNOWN_LABEL']],
    ddl: /^enum/,
  },
  {
    type: { ...pgType('geometry'), schema: 'public' },
    own: { geometry: 'native' },
    kept: [
      [
        '0101000020E610000000000000000024400000000000003440'.toLowerCase(),
        'e6100000010100000000000000000024400000000000003440',
      ],
      ['010100000000000000000024400000000000003440', '00000000010100000000000000000024400000000000003440'],
      [
        `0104000000020000000101000000${'0'.repeat(32)}0101000000${'000000000000f03f'.repeat(2)}`,
        `000000000104000000020000000101000000${'0'.repeat(32)}0101000000${'000000000000f03f'.repeat(2)}`,
      ],
    ],
    refused: [
      ['0101000000000000000000f87f000000000000f87f', 'GEOMETRY_FORM'],
      [`0101000080${'000000000000f03f'.repeat(3)}`, 'GEOMETRY_FORM'],
      ['010700000000000000', 'GEOMETRY_FORM'],
    ],
    ddl: /^geometry/,
  },
];

const DEEP = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const OWN: Readonly<Record<'mysql' | 'mariadb', readonly OptionCase[]>> = {
  mysql: [
    {
      type: pgType('jsonb'),
      own: { json: 'native' },
      kept: [
        [
          '{"b": 1.50, "aa": [0.1, -1e5, 12345678901234567890], "é": "😀\\n"}',
          '{"b": 1.5, "aa": [0.1, -100000.0, 12345678901234567890], "é": "😀\\n"}',
        ],
        ['null', 'null'],
        [DEEP(100), DEEP(100)],
      ],
      refused: [
        ['52.520006599999996', 'JSON_NUMBER_PRECISION'],
        ['[100000000000000000000]', 'JSON_NUMBER_PRECISION'],
        [DEEP(101), 'JSON_DEPTH'],
      ],
      ddl: /^json/,
    },
    {
      type: pgType('json'),
      own: chosen('JSON'),
      kept: [['{"a":1, "a":2}', '{"a": 2}']],
      refused: [['"\\ud800"', 'TEXT_FORM']],
    },
  ],
  mariadb: [
    {
      type: pgType('jsonb'),
      own: { json: 'native' },
      kept: same('{"b": 1.50, "aa": [52.520006599999996, 1e400]}', DEEP(31)),
      refused: [[DEEP(32), 'JSON_DEPTH']],
    },
    { type: pgType('json'), own: chosen('JSON'), kept: same('{"a":1, "a":2}'), refused: [['"\\ud800"', 'TEXT_FORM']] },
    {
      type: pgType('uuid'),
      own: { uuid: 'native' },
      kept: same(
        '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        '6ba7b810-9dad-81d1-90b4-00c04fd430c8',
      ),
      refused: [['6ba7b810-9dad-81d1-10b4-00c04fd430c8', 'TEXT_FORM']],
      ddl: /^uuid/,
    },
  ],
};

const SQLSERVER: readonly OptionCase[] = [
  {
    type: pgType('uuid'),
    own: { uuid: 'native' },
    kept: [['6ba7b810-9dad-11d1-80b4-00c04fd430c8', '6BA7B810-9DAD-11D1-80B4-00C04FD430C8']],
    refused: [],
    ddl: /^uniqueidentifier/,
  },
  {
    type: pgType('timestamptz'),
    own: { timestamptz: 'datetime2' },
    kept: [['2024-01-02 03:04:05.123456+00', '2024-01-02 03:04:05.123456']],
    refused: [['infinity', 'INFINITE_DATETIME']],
    ddl: /^datetime2/,
  },
  {
    type: pgType('timestamp'),
    own: chosen('datetime2(0)'),
    kept: same('2024-01-02 03:04:05'),
    refused: [['2024-01-02 03:04:05.5', 'TIME_PRECISION']],
  },
  {
    type: pgType('numeric'),
    own: chosen('decimal(10,2)'),
    kept: [['-1.5', '-1.50']],
    refused: [
      ['1.005', 'NUMERIC_SCALE'],
      ['123456789', 'NUMERIC_OVERFLOW'],
      ['NaN', 'NUMERIC_NAN'],
    ],
  },
  { type: pgType('numeric'), own: chosen('bigint'), kept: same('-42'), refused: [['1.5', 'NUMERIC_SCALE']] },
  { type: pgType('text'), own: chosen('nvarchar(5)'), kept: same('héé '), refused: [['abcdef', 'TEXT_TOO_LONG']] },
  { type: pgType('text'), own: chosen('nchar(3)'), kept: same('abc'), refused: [['ab', 'TEXT_FORM']] },
  { type: pgType('bytea'), own: chosen('binary(2)'), kept: [['\\x0100', '0100']], refused: [['\\x01', 'TEXT_FORM']] },
  { type: pgType('bool'), own: chosen('int'), kept: [['t', '1']], refused: [] },
  { type: pgType('time'), own: chosen('time(3)'), kept: same('01:02:03.123'), refused: [['24:00:00', 'TIME_24']] },
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
