import { choosing } from '../values/chosen.ts';
import { BYTE_TYPES } from './chosen-bytes.ts';
import { MOMENT_TYPES } from './chosen-moments.ts';
import { NUMBER_TYPES } from './chosen-numbers.ts';
import { TEXT_TYPES } from './chosen-text.ts';
import type { Coding, Standing } from './coding.ts';

export type { Named } from '../values/chosen.ts';

const CODE_PAGE = 'it has a code page, which loses characters; use nvarchar';

const REASONS: Readonly<Record<string, string>> = {
  datetime: 'it counts in steps of 3.33 ms; use datetime2(6)',
  smalldatetime: 'it counts in minutes; use datetime2(6)',
  timestamp: 'it is a row version there, not a moment; use datetime2(6)',
  rowversion: 'it cannot be written',
  money: 'it ends at 922,337,203,685,477.58; use decimal(19,2)',
  smallmoney: 'it ends at 214,748.36; use decimal(19,2)',
  varchar: CODE_PAGE,
  char: CODE_PAGE,
  text: CODE_PAGE,
  ntext: 'it cannot be compared and is deprecated; use nvarchar(max)',
  image: 'it cannot be compared and is deprecated; use varbinary(max)',
  xml: 'it rewrites what it is given; use nvarchar(max)',
};

export const override = choosing<Standing, Coding>(
  { ...NUMBER_TYPES, ...TEXT_TYPES, ...BYTE_TYPES, ...MOMENT_TYPES },
  REASONS,
);
