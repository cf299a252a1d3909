import { expect, test } from 'vitest';
import { hideIn, redact, redactor } from '../../src/config/redact.ts';
import { fromEnv } from './support.ts';

const PASSWORD = 'top"secret#1';

test('no spelling of a password survives', () => {
  const config = fromEnv({
    CDC_SOURCE_URL: 'postgres://shop@db/shop',
    CDC_SOURCE_PASSWORD: PASSWORD,
    CDC_DEST_URL: 'mysql://r:other%20secret@h/d',
  });
  const hide = redactor(config);
  for (const text of [PASSWORD, encodeURIComponent(PASSWORD), JSON.stringify({ p: PASSWORD })]) {
    expect(hide(`before ${text} after`)).not.toContain('secret');
  }
  for (const text of ['other secret', 'other%20secret', 'other+secret']) expect(hide(text)).toBe('***');
});

test('passwords inside URLs are hidden whoever they belong to', () => {
  expect(redact([])('cannot reach mysql://a:b@h/d and postgres://x:p@ss@h')).toBe(
    'cannot reach mysql://a:***@h/d and postgres://x:***@h',
  );
});

test('a text without secrets stays as it is', () => {
  const text = 'postgres://shop@db:5432/shop at 12:00:01, user@host, a:b';
  expect(redact(['hunter2'])(text)).toBe(text);
});

test('a password that is a public name as well is hidden in URLs only', () => {
  const hide = redactor(fromEnv({ CDC_SOURCE_URL: 'postgres://postgres:postgres@db/shop' }));
  expect(hide('PostgreSQL postgres://postgres:postgres@db')).toBe('PostgreSQL postgres://postgres:***@db');
});

test('JSON stays JSON where a secret is also a name or a number in it', () => {
  const hide = redact(['table', '12345']);
  const text = JSON.stringify({ table: 'a table', rows: 12345, note: 'password 12345' });
  expect(JSON.parse(hideIn(text, hide))).toEqual({ table: 'a ***', rows: 12345, note: 'password ***' });
  expect(hideIn('{ no JSON, table }', hide)).toBe('{ no JSON, *** }');
});

test('examples keep their placeholder', () => {
  expect(redact([])('postgres://user:password@host/db')).toBe('postgres://user:password@host/db');
});
