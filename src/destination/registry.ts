import type { DestinationDriver } from '../model/destination.ts';
import { SqlDestination } from './sql-destination.ts';

/** All destinations. Each engine and its driver library are loaded only when one is opened. */
export const drivers: readonly DestinationDriver[] = [
  {
    type: 'mysql',
    label: 'MySQL',
    schemes: ['mysql', 'mariadb'],
    defaultPort: 3306,
    example: 'mysql://user:password@host:3306/database',
    open: async (options) => new SqlDestination((await import('./mysql/index.ts')).openMysql(options), options),
  },
  {
    type: 'mariadb',
    label: 'MariaDB',
    schemes: ['mariadb', 'mysql'],
    defaultPort: 3306,
    example: 'mariadb://user:password@host:3306/database',
    open: async (options) => new SqlDestination((await import('./mysql/index.ts')).openMysql(options), options),
  },
  {
    type: 'sqlite',
    label: 'SQLite',
    schemes: ['sqlite'],
    defaultPort: null,
    example: 'sqlite:./copy.db',
    open: async (options) => new SqlDestination((await import('./sqlite/engine.ts')).openSqlite(options), options),
  },
];
