import { expect, it } from 'vitest';
import { jsonOf } from '../../../src/destination/values/composite.ts';
import type { PgType } from '../../../src/model/relation.ts';
import { pgType } from '../../support/relations.ts';

const addr: PgType = {
  ...pgType('addr'),
  schema: 'public',
  kind: 'composite',
  attributes: [
    { name: 'street "x"', type: pgType('text') },
    { name: 'no', type: pgType('int4') },
    { name: 'ok', type: pgType('bool') },
  ],
};
const array = (element: PgType): PgType => ({ ...pgType(`_${element.name}`), kind: 'array', element });
const nested: PgType = {
  ...addr,
  name: 'nested',
  attributes: [
    { name: 'a', type: addr },
    { name: 'b', type: array(pgType('int4')) },
    { name: 'c', type: array(addr) },
  ],
};

it.each([
  [addr, '(a,1,t)', { 'street "x"': 'a', no: 1, ok: true }],
  [addr, '("a ""b"", \\\\ (c)",,)', { 'street "x"': 'a "b", \\ (c)', no: null, ok: null }],
  [addr, '("",-5,f)', { 'street "x"': '', no: -5, ok: false }],
  [addr, '(a,1)', '(a,1)'],
  [{ ...addr, attributes: [{ name: 'x', type: pgType('int4') }] }, '()', { x: null }],
  [{ ...addr, attributes: [] }, '()', {}],
  [
    nested,
    '("(""x y"",2,t)","{1,NULL}","{""(a,1,f)"",NULL}")',
    { a: { 'street "x"': 'x y', no: 2, ok: true }, b: [1, null], c: [{ 'street "x"': 'a', no: 1, ok: false }, null] },
  ],
])('a row of %o, %s, is a JSON value', (type, text, value) => {
  expect(JSON.parse(jsonOf(type)(text))).toEqual(value);
});

it('a field may have any length', () => {
  const long = 'x '.repeat(10_000_000);
  expect(JSON.parse(jsonOf(addr)(`("${long}",,)`))).toEqual({ 'street "x"': long, no: null, ok: null });
});

it.each(['a', '(a', '(a,1,t) ', '(a")'])('%s is no row', (text) => {
  expect(() => jsonOf(addr)(text)).toThrow(expect.objectContaining({ problem: 'MALFORMED' }));
});
