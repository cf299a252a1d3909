import { choosing } from '../values/chosen.ts';
import { BYTE_TYPES } from './chosen-bytes.ts';
import { MOMENT_TYPES } from './chosen-moments.ts';
import { NUMBER_TYPES } from './chosen-numbers.ts';
import { TEXT_TYPES } from './chosen-text.ts';
import type { Coding, Standing } from './coding.ts';

export type { Named } from '../values/chosen.ts';

const REASONS: Readonly<Record<string, string>> = {
  timestamp: 'it ends in 2038 and moves with the time zone of the session; use DATETIME(6)',
  float: 'it shows six digits, so its values cannot be found again; use DOUBLE',
  bit: 'it takes no text; use VARCHAR',
};

export const override = choosing<Standing, Coding>(
  { ...NUMBER_TYPES, ...TEXT_TYPES, ...BYTE_TYPES, ...MOMENT_TYPES },
  REASONS,
);
