import { describe, expect, it } from 'vitest';
import { fieldOf } from '../../../../src/destination/kafka/encoding/fields.ts';
import type { EventOptions } from '../../../../src/destination/kafka/options.ts';
import type { PgType } from '../../../../src/model/relation.ts';
import { pgType } from '../../../support/relations.ts';
import { eventOptions, typed } from '../options.ts';

const field = (type: string, typmod = -1, more: Partial<EventOptions> = {}) =>
  fieldOf(typed('c', type, typmod), eventOptions(more), false);
const of = (type: string, text: string, typmod = -1, more: Partial<EventOptions> = {}) =>
  field(type, typmod, more).encode(text);

/** numeric(10,2) and (4,2) as PostgreSQL packs them. */
const numeric = (precision: number, scale: number): number => ((precision << 16) | scale) + 4;

describe('values in events', () => {
  it.each([
    ['bool', 't', 'true'],
    ['int8', '9223372036854775807', '9223372036854775807'],
    ['float8', '1.5e-300', '1.5e-300'],
    ['float8', 'NaN', '"NaN"'],
    ['text', 'a "b"\n', '"a \\"b\\"\\n"'],
    ['bytea', '\\xdeadbeef', '"3q2+7w=="'],
    ['jsonb', '{"a": 1}', '"{\\"a\\": 1}"'],
    ['date', '1970-01-02', '1'],
    ['date', '1969-12-31', '-1'],
    ['date', '2000-02-29', '11016'],
    ['date', '0001-01-01 BC', '-719528'],
    ['time', '00:00:01.5', '1500000'],
    ['time', '24:00:00', '86400000000'],
    ['timestamp', '2018-06-20 15:13:16.945104', '1529507596945104'],
    ['timestamp', '1969-12-31 23:59:59.5', '-500000'],
    ['timestamp', '1970-01-01 00:00:00.000007', '7'],
    ['timestamp', '294246-12-31 23:59:59.999999', '9223371244799999999'],
    ['timestamp', '4713-01-01 00:00:00 BC', '-210863520000000000'],
    ['timestamp', 'infinity', '9223372036825200000'],
    ['timestamp', '-infinity', '-9223372036832400000'],
    ['timestamptz', '2018-06-20 13:37:03.945104+00', '"2018-06-20T13:37:03.945104Z"'],
    ['timestamptz', '12345-06-20 13:37:03+00', '"+12345-06-20T13:37:03Z"'],
    ['timestamptz', '0044-03-15 10:00:00+00 BC', '"-0043-03-15T10:00:00Z"'],
    ['timetz', '10:11:12.5+02', '"08:11:12.5Z"'],
    ['timetz', '00:30:00-01:30', '"02:00:00Z"'],
    ['timetz', '00:30:00+01', '"23:30:00Z"'],
    ['interval', 'P1Y2M3DT4H5M6.78S', '"P1Y2M3DT4H5M6.78S"'],
    ['money', '-$1,234.50', '"/h3G"'],
    ['bit', '1', 'true'],
    ['varbit', '100000001', '"AQE="'],
    ['int4range', '[1,5)', '"[1,5)"'],
  ])('%s %s is %s', (type, text, json) => expect(of(type, text)).toBe(json));

  it('counts coarse times in milliseconds', () => {
    expect(of('timestamp', '2018-06-20 15:13:16.945', 3)).toBe('1529507596945');
    expect(field('timestamp', 3).schema.name).toBe('io.debezium.time.Timestamp');
    expect(field('time', 0).schema).toMatchObject({ type: 'int32', name: 'io.debezium.time.Time' });
  });

  it.each([
    ['0.00', 'AA=='],
    ['1.27', 'fw=='],
    ['1.28', 'AIA='],
    ['-1.28', 'gA=='],
    ['-1.29', '/38='],
    ['-0.01', '/w=='],
    ['12345678.90', 'SZYC0g=='],
  ])('a decimal %s is the bytes of Java', (text, bytes) => {
    expect(of('numeric', text, numeric(10, 2))).toBe(`"${bytes}"`);
  });

  it('carries the scale of a decimal in the schema, or with the value where it varies', () => {
    expect(field('numeric', numeric(10, 2)).schema).toMatchObject({
      type: 'bytes',
      name: 'org.apache.kafka.connect.data.Decimal',
      parameters: { scale: '2', 'connect.decimal.precision': '10' },
    });
    expect(of('numeric', '1.280')).toBe('{"scale":3,"value":"BQA="}');
  });

  it('writes decimals and large integers as text or as numbers with every digit', () => {
    const long = '12345678901234567890.123456789';
    expect(of('numeric', long, -1, { decimals: 'string' })).toBe(`"${long}"`);
    expect(of('numeric', long, -1, { decimals: 'number' })).toBe(long);
    expect(of('int8', '9007199254740993', -1, { int64: 'string' })).toBe('"9007199254740993"');
  });

  it('refuses a moment that 64 bits do not hold', () => {
    expect(() => of('timestamp', '294276-12-31 23:59:59.999999')).toThrow(/64 bits/);
  });

  it('refuses a date that no number of days stands for', () => {
    expect(() => of('date', 'infinity')).toThrow(/infinity/);
  });

  it('writes arrays as arrays, and refuses with a schema what it cannot describe', () => {
    const int4s: PgType = { ...pgType('_int4'), kind: 'array', element: pgType('int4') };
    const one = (format: EventOptions['format']) =>
      fieldOf({ ...typed('c', 'text'), type: int4s }, eventOptions({ format }), false);
    expect(JSON.parse(one('debezium').encode('{1,NULL,3}'))).toEqual([1, null, 3]);
    expect(JSON.parse(one('debezium').encode('{{1},{2}}'))).toEqual([[1], [2]]);
    expect(one('debezium-schema').schema.items).toEqual({ type: 'int32', optional: true });
    expect(() => one('debezium-schema').encode('{{1},{2}}')).toThrow(/several dimensions/);
  });

  it('names the labels of an enum and what has a meaning of its own', () => {
    const mood: PgType = { ...pgType('mood'), schema: 'public', kind: 'enum', enumLabels: ['sad', 'ok'] };
    const { schema } = fieldOf({ ...typed('c', 'text'), type: mood }, eventOptions(), false);
    expect(schema).toMatchObject({ name: 'io.debezium.data.Enum', parameters: { allowed: 'sad,ok' } });
    expect(field('uuid').schema.name).toBe('io.debezium.data.Uuid');
  });

  it('writes a point with its well-known binary', () => {
    expect(JSON.parse(of('point', '(1.5,-2)'))).toMatchObject({ x: 1.5, y: -2, srid: null });
    expect(() => of('point', '(Infinity,0)')).toThrow(/finite/);
  });
});
