import { pgType } from '../support/relations.ts';
import { chosen, mood, numeric, type OptionCase, same } from './option-samples.ts';

export const MYSQL: readonly OptionCase[] = [
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

export const OWN: Readonly<Record<'mysql' | 'mariadb', readonly OptionCase[]>> = {
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
