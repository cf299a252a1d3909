import { expect, it } from 'vitest';
import { hashedColumn } from '../../../src/destination/sqlserver/hashed-key.ts';

it.each([
  ["(CONVERT([binary](32),hashbytes('SHA2_256',[url])))", 'url'],
  ["(CONVERT([binary](32),hashbytes('SHA2_256',[a]]b])))", 'a]b'],
  [`CAST((hashbytes('SHA2_256', "b c")) AS binary(32))`, 'b c'],
  ["CAST((hashbytes('SHA2_256', url)) AS binary(32))", 'url'],
])('a key by a hash is known by what the server wrote down: %s', (expression, column) => {
  expect(hashedColumn('pg2any_key_1', expression)).toBe(column);
});

it.each([
  ['mine', "(CONVERT([binary](32),hashbytes('SHA2_256',[url])))"],
  ['pg2any_key_1', "(CONVERT([binary](32),hashbytes('MD5',[url])))"],
  ['pg2any_key_1', null],
])('a computed column %s over %s is none of ours', (name, expression) => {
  expect(hashedColumn(name, expression)).toBeNull();
});
