import { expect, test } from 'vitest';
import { defineConfig } from '../../src/config/define.ts';

const source = { url: 'postgres://u@h/shop' };

test.each([
  ['mysql://h/shop', undefined, 'mysql'],
  ['mariadb://h/shop', undefined, 'mariadb'],
  ['mysql://h/shop', 'MariaDB', 'mariadb'],
  ['mysql://h/shop', 'MYSQL', 'mysql'],
  ['mariadb://h/shop', 'MySQL', 'mysql'],
  ['sqlserver://h/shop', undefined, 'sqlserver'],
  ['mssql://h/shop', 'SQL Server', 'sqlserver'],
  ['sqlserver://h/shop?encrypt=strict', 'mssql', 'sqlserver'],
  ['sqlite:./shop.db', undefined, 'sqlite'],
  ['./shop.db', 'SQLite', 'sqlite'],
  ['kafka://h/shop', undefined, 'kafka'],
  ['kafka://h', 'Kafka', 'kafka'],
])('%s with type %s is %s', (url, type, expected) => {
  expect(defineConfig({ source, destination: { url, ...(type ? { type } : {}) } }).destination.type).toBe(expected);
});

test('a destination that is not there yet is refused with those that are', () => {
  const oracle = () => defineConfig({ source, destination: { type: 'Oracle', url: 'oracle://h' } });
  expect(oracle).toThrow(/destination\.type is "Oracle"; this version knows MySQL, MariaDB, SQL Server, SQLite, Kafka/);
});
