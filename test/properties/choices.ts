import fc from 'fast-check';
import type { ColumnOverride } from '../../src/model/mapping.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { addr, arrayOf, type Case, kept, moods, of, type Sense } from './cases.ts';
import { json } from './documents.ts';
import { dates, times, timestamps, zonedTimestamps } from './moments.ts';
import { arrays, composites, hstores } from './nested.ts';
import { decimals, doubles, edges, hexBytes, integers, type Literals, money, texts, uuids } from './scalars.ts';

const choose = (type: string, sense: Sense, literals: Literals, own: ColumnOverride): Case => ({
  ...of(type, sense, literals),
  own,
});

/** The destination's own type for values of this one. */
const as = (there: string, type: string, sense: Sense, literals: Literals): Case =>
  choose(type, sense, literals, { type: there });

const JSON_TYPE: ColumnOverride = { type: 'JSON' };

const small = decimals(5, 3);
const flag = fc.constantFrom('t', 'f');
const single = composites(integers(32));
/** With lower bounds of 1, which are all that to_json knows. */
const tags = arrays(texts(4)).filter((text) => !text.startsWith('['));
const deal = composites(decimals(8, 2), tags, flag, addr, json, single);
const asRows = (type: string, literals: Literals): Case => choose(type, 'row', literals, { composite: 'json' });
const seconds: Literals = edges(times, '23:59:59.9', '00:00:00.000001', '12:00:00.120');

const BOTH: readonly Case[] = [
  choose('numeric', 'numeric', decimals(60, 60), { numericUnbounded: 'text' }),
  { ...kept('integer[]', arrayOf('int4', 'integer', integers(32)).literals), own: { arrays: 'pgtext' } },
  choose('uuid', 'uuidBytes', uuids, { uuid: 'binary16' }),
  as('TEXT', 'timestamptz', 'fullOffset', zonedTimestamps),
  as('TEXT', 'timestamp', 'text', timestamps),
  as('TEXT', 'float8', 'text', doubles),
  as('TEXT', 'numeric', 'numeric', decimals(40, 40)),
  as('TEXT', 'bool', 'text', fc.constantFrom('t', 'f')),
  as('TEXT', 'money', 'money', money),
  as('TEXT', 'char(6)', 'padded', texts(6)),
];

const ROWS: readonly Case[] = [
  asRows('public.addr', addr),
  asRows('public.single', single),
  asRows('public.deal', deal),
  asRows('public.addr[]', arrays(addr)),
  asRows('public.deal[]', arrays(deal)),
];

const SQLITE: readonly Case[] = [
  as('INTEGER', 'numeric', 'numeric', edges(decimals(20, 2), '9223372036854775807', '9223372036854775808', '7.00')),
  as('INTEGER', 'xid8', 'integer', integers(64, false)),
  as('REAL', 'int4', 'integer', integers(32)),
  as('BLOB', 'uuid', 'uuidBytes', uuids),
];

const MYSQL: readonly Case[] = [
  as('MEDIUMINT', 'int8', 'integer', edges(integers(26), '8388607', '8388608', '-8388608', '-8388609')),
  as('TINYINT', 'int2', 'integer', integers(9)),
  as('INT', 'numeric(14,2)', 'numeric', edges(decimals(11, 2), '7.00', '-2147483648.00', '2147483648')),
  as('BIGINT', 'numeric', 'numeric', edges(decimals(20, 1), '9223372036854775807', '-9223372036854775809')),
  as('BIGINT', 'xid8', 'integer', integers(64, false)),
  as('BIGINT', 'oid', 'integer', integers(32, false)),
  as('DECIMAL(10,2)', 'numeric', 'numeric', small),
  as('DECIMAL(4,4)', 'numeric', 'numeric', decimals(1, 5)),
  as('DECIMAL(5)', 'int4', 'integer', integers(18)),
  as('DECIMAL(30,4)', 'money', 'money', money),
  as('DOUBLE', 'int4', 'integer', integers(32)),
  as('SMALLINT', 'bool', 'bool', fc.constantFrom('t', 'f')),
  as('VARCHAR(5)', 'text', 'text', texts(7)),
  as('VARCHAR(9)', 'interval', 'text', fc.constantFrom('1 day', '2 years 3 mons', '00:00:00.5', '-1 day 10:00')),
  as('CHAR(5)', 'text', 'text', texts(7)),
  as('CHAR(3)', 'name', 'text', texts(4)),
  as('TINYTEXT', 'text', 'text', texts(90)),
  as('TEXT', 'jsonb', 'text', json),
  as('VARBINARY(4)', 'bytea', 'bytes', hexBytes(6)),
  as('BINARY(2)', 'bytea', 'bytes', hexBytes(3)),
  as('BINARY(16)', 'uuid', 'uuidBytes', uuids),
  as('TINYBLOB', 'bytea', 'bytes', hexBytes(300)),
  as('DATETIME(3)', 'timestamp', 'timestamp', timestamps),
  as('DATETIME', 'timestamptz', 'timestamptz', zonedTimestamps),
  as('DATETIME(6)', 'date', 'midnight', dates),
  as('TIME(2)', 'time', 'time', seconds),
  as('TIME', 'time(3)', 'time', seconds),
  as("ENUM('a','A','it''s','2','')", 'text', 'text', edges(texts(3), 'a', 'A', "it's", '2', '1', '', 'a ')),
  choose('public.mood', 'text', moods, { enum: 'native' }),
  choose('public.tone', 'text', fc.constantFrom('low', 'Low', "it's", 'back\\slash', '2', '', 'é', 'e\u0301'), {
    enum: 'native',
  }),
  choose('jsonb', 'document', json, { json: 'native' }),
  as('JSON', 'json', 'document', json),
  as('JSON', 'public.hstore', 'hstore', hstores),
  { ...arrayOf('int8', 'integer', integers(64)), own: JSON_TYPE },
  { ...arrayOf('numeric', 'numeric', small), own: JSON_TYPE },
  { ...arrayOf('float8', 'float', doubles), own: JSON_TYPE },
  { ...arrayOf('text', 'text', texts(6)), own: JSON_TYPE },
];

const MARIADB: readonly Case[] = [choose('uuid', 'text', uuids, { uuid: 'native' })];

/** Types that may be chosen instead of the usual ones. */
export const choicesOf = (engine: EngineName): readonly Case[] => {
  if (engine === 'sqlite') return [...BOTH, ...ROWS, ...SQLITE];
  const own = [
    ...BOTH.map((one) => (one.own?.type === 'TEXT' ? { ...one, own: { type: 'LONGTEXT' } } : one)),
    ...ROWS,
    ...MYSQL,
  ];
  return engine === 'mariadb' ? [...own, ...MARIADB] : own;
};
