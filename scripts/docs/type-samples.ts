import type { Family } from '../../src/destination/values/family.ts';
import type { PgType } from '../../src/model/relation.ts';

/** A line of docs/types.md: a type, or several that are stored alike, with texts as PostgreSQL prints them. */
export interface Sample {
  /** For people. */
  readonly title: string;
  readonly type: PgType;
  /** The first is the example; all are tried, to see which are refused. */
  readonly texts: readonly [string, ...string[]];
  /** Which types of its family it stands for; all of them where there is but one line. */
  readonly covers: (type: PgType) => boolean;
}

const base = (name: string, typmod = -1, schema = 'pg_catalog'): PgType => ({
  oid: 0,
  schema,
  name,
  kind: 'base',
  typmod,
  display: name,
});

type Texts = readonly [string, ...string[]];

const line = (title: string, type: PgType, texts: Texts, covers: (type: PgType) => boolean = () => true): Sample => ({
  title,
  type,
  texts,
  covers,
});

const of = (name: string, title: string, ...texts: Texts): readonly Sample[] => [line(title, base(name), texts)];

const user = (kind: PgType['kind'], name: string): PgType => ({ ...base(name, -1, 'public'), kind });

const numeric = (precision: number, scale: number): PgType =>
  base('numeric', ((precision << 16) | (scale & 0x7ff)) + 4);

const precisionOf = ({ typmod }: PgType): number => ((typmod - 4) >> 16) & 0xffff;
const scaleOf = ({ typmod }: PgType): number => (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
const digitsOf = (type: PgType): number =>
  Math.max(precisionOf(type), scaleOf(type), precisionOf(type) - scaleOf(type));
const isPlain = (type: PgType): boolean => type.typmod >= 0 && digitsOf(type) <= 65 && scaleOf(type) <= 30;
const isShort = (type: PgType): boolean => isPlain(type) && digitsOf(type) <= 38;

const MOMENTS: readonly string[] = [
  'infinity',
  '-infinity',
  '0044-03-15 10:00:00 BC',
  '10000-01-01 00:00:00',
  '294276-12-31 23:59:59.999999',
];
const zoned = (text: string): string => (text.endsWith('y') ? text : text.replace(/( BC)?$/, '+00$1'));
const FLOATS: readonly string[] = ['NaN', 'Infinity', '-Infinity', '1.7976931348623157e+308', '5e-324'];

/** Every family has its lines, in the order of the page. */
export const SAMPLES: Readonly<Record<Family, readonly Sample[]>> = {
  int2: of('int2', 'smallint, smallserial', '-32768', '32767'),
  int4: of('int4', 'integer, serial', '2147483647', '-2147483648'),
  int8: of('int8', 'bigint, bigserial', '9223372036854775807', '-9223372036854775808'),
  oid: of('oid', 'oid, xid, cid', '4294967295', '0'),
  xid8: of('xid8', 'xid8', '18446744073709551615', '0'),
  float4: of('float4', 'real', '3.4028235e+38', '1e-45', ...FLOATS.slice(0, 3)),
  float8: of('float8', 'double precision', '0.30000000000000004', ...FLOATS),
  numeric: [
    line('numeric(10,2), and up to p = 38 and s = 30', numeric(10, 2), ['12345678.90', '-99999999.99', 'NaN'], isShort),
    line(
      'numeric(50,10), and up to p = 65 and s = 30',
      numeric(50, 10),
      ['12345678901234567890123456789.0987654321', 'NaN'],
      (type) => isPlain(type) && !isShort(type),
    ),
    line(
      'numeric(100,40), and all beyond that',
      numeric(100, 40),
      [`0.${'1'.repeat(40)}`, '9'.repeat(60), 'NaN'],
      (type) => type.typmod >= 0 && !isPlain(type),
    ),
    line(
      'numeric',
      base('numeric'),
      ['123456789012345678.123456789', 'NaN', 'Infinity', `1${'0'.repeat(35)}`, `0.${'0'.repeat(30)}1`],
      ({ typmod }) => typmod < 0,
    ),
  ],
  money: of('money', 'money', '-$1,234.50', '$92,233,720,368,547,758.07'),
  bool: of('bool', 'boolean', 't', 'f'),
  char: [line('char(5)', base('bpchar', 9), ['ab   ', '😀😀😀😀😀'])],
  varchar: [
    line('varchar(10), and up to 2000', base('varchar', 14), ['abc ', '😀'], ({ typmod }) => typmod - 4 <= 2000),
    line(
      'varchar(3000), and up to 4096',
      base('varchar', 3004),
      ['abc '],
      ({ typmod }) => typmod - 4 > 2000 && typmod - 4 <= 4096,
    ),
    line('varchar(10000), and all beyond that', base('varchar', 10_004), ['abc '], ({ typmod }) => typmod - 4 > 4096),
  ],
  text: of('text', 'text, varchar, citext', 'it’s 😀 ', ''),
  name: of('name', 'name', 'Orders'),
  enum: [line('enum', { ...user('enum', 'mood'), enumLabels: ['sad', 'happy'] }, ['happy'])],
  quotedChar: of('char', '"char"', 'x', '\\377'),
  bytea: of('bytea', 'bytea', '\\x00ff', '\\x'),
  date: of('date', 'date', '2024-02-29', '0001-01-01', ...(['infinity', '0044-03-15 BC', '10000-01-01'] as const)),
  time: of('time', 'time', '12:34:56.789', '24:00:00', '12:34:56.789012'),
  timetz: of('timetz', 'time with time zone', '12:34:56+05:30'),
  timestamp: of('timestamp', 'timestamp', '2024-02-29 12:34:56.789012', ...MOMENTS),
  timestamptz: of('timestamptz', 'timestamp with time zone', '2024-02-29 12:34:56.5+00', ...MOMENTS.map(zoned)),
  interval: of('interval', 'interval', 'P1Y2M3DT4H5M6.789S', 'infinity'),
  uuid: of('uuid', 'uuid', '123e4567-e89b-12d3-a456-426614174000'),
  json: of('json', 'json', '{"a":1.10, "a":2}'),
  jsonb: of('jsonb', 'jsonb', '{"a": 1.10}'),
  xml: of('xml', 'xml', '<a b="c"/>'),
  bit: [line('bit(8)', base('bit', 8), ['00000101'])],
  varbit: [line('bit varying(10)', base('varbit', 10), ['0101', ''])],
  inet: of('inet', 'inet, cidr', '10.0.0.1/8', '::1'),
  macaddr: of('macaddr', 'macaddr', '08:00:2b:01:02:03'),
  macaddr8: of('macaddr8', 'macaddr8', '08:00:2b:01:02:03:04:05'),
  shape: of('point', 'point, line, lseg, box, circle', '(1.5,-2)', '(NaN,Infinity)'),
  lsn: of('pg_lsn', 'pg_lsn', '16/B374D848'),
  tid: of('tid', 'tid', '(0,1)'),
  array: [
    line('arrays of any type', { ...base('_int4'), kind: 'array', element: base('int4') }, [
      '{{1,NULL},{3,4}}',
      '{}',
      '[0:2]={7,8,9}',
    ]),
  ],
  shortRange: of('int4range', 'int4range, int8range, daterange, tsrange, tstzrange', '[1,6)', 'empty'),
  range: [line('numrange, other ranges, multiranges', user('range', 'textrange'), ['[a,b]', '{[1,2],(3,)}'])],
  composite: [line('composite', { ...user('composite', 'addr'), attributes: [] }, ['("Main St ""1""",7,)'])],
  hstore: [line('hstore', base('hstore', -1, 'public'), ['"a"=>"1", "b"=>NULL', ''])],
  vector: [line('vector, halfvec', base('vector', -1, 'public'), ['[1,-2.5,3e-07]'])],
  geometry: [line('geometry, geography (PostGIS)', base('geometry', -1, 'public'), ['0101000000000000000000F03F'])],
  opaque: [line('path, polygon, tsvector, ltree and any other type', base('tsvector'), ["'a':5 'b':6"])],
};
