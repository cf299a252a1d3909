import { pgType } from '../support/relations.ts';
import { chosen, type OptionCase, same } from './option-samples.ts';

export const SQLSERVER: readonly OptionCase[] = [
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
