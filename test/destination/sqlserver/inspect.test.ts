import { expect, it } from 'vitest';
import type { Cell, Session } from '../../../src/destination/contract.ts';
import { inspectServer } from '../../../src/destination/sqlserver/inspect.ts';
import { readServer } from '../../../src/destination/sqlserver/server.ts';
import { relation } from '../../support/relations.ts';

const answering = (database: readonly Cell[], rights: readonly Cell[]): Session =>
  ({ rows: async (sql: string) => [sql.includes('sys.databases') ? database : rights] }) as unknown as Session;

const sales = { ...relation('t', ['id int4'], ['id']), target: { schema: 'sales', name: 't' } };

it('says nothing but good of a database that is set up well', async () => {
  const session = answering(['shop', '1', '0'], ['me', 'shop', '1', '1', '1', '1', '1', '1']);
  const findings = await inspectServer(session, [sales]);
  expect(findings.map(({ severity }) => severity)).toEqual(['ok', 'ok']);
});

it('warns where readers see rows of two moments, and where a commit may be lost', async () => {
  const session = answering(['sh]op', '0', '2'], ['me', 'shop', '1', '1', '1', '1', '1', '1']);
  const findings = await inspectServer(session, [sales]);
  expect(findings.map(({ check, severity, fix }) => [check, severity, fix?.sql[0]])).toEqual([
    [
      'read_committed_snapshot',
      'warn',
      'ALTER DATABASE [sh]]op] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE',
    ],
    ['durability', 'warn', 'ALTER DATABASE [sh]]op] SET DELAYED_DURABILITY = DISABLED'],
  ]);
});

it('blocks where a right is missing, and asks for schemas only where there are some', async () => {
  const rights = ['me', 'shop', '1', '0', '1', '1', '1', '0'];
  const found = await inspectServer(answering(['shop', '1', '0'], rights), [sales]);
  expect(found.at(-1)).toMatchObject({
    check: 'destination_privileges',
    severity: 'block',
    message: 'the destination user lacks INSERT, ALTER ANY SCHEMA on database shop',
    fix: { sql: ['ALTER ROLE db_owner ADD MEMBER [me]'] },
  });
  const plain = await inspectServer(answering(['shop', '1', '0'], rights), [relation('t', ['id int4'], ['id'])]);
  expect(plain.at(-1)?.message).toBe('the destination user lacks INSERT on database shop');
});

it.each([
  [['15.0.4123.1', '3', 'Microsoft SQL Server 2019', 'dbo', '1'], { product: 'SQL Server', caseSensitive: false }],
  [['12.0.2000.8', '5', 'Microsoft SQL Azure', 'dbo', '0'], { product: 'Azure SQL', caseSensitive: true }],
  [['12.0.2000.8', '2', 'Babelfish for PostgreSQL', 'dbo', '1'], { product: 'Babelfish' }],
])('knows a server by what it says: %j', (row, expected) => {
  expect(readServer(row)).toMatchObject(expected);
});

it('refuses a server from before 2016', () => {
  expect(() => readServer(['12.0.6024.0', '3', 'Microsoft SQL Server 2014', 'dbo', '1'])).toThrow(
    expect.objectContaining({ code: 'DESTINATION_UNSUITABLE', hint: expect.stringContaining('2016') }),
  );
});
