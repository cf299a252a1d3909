import type { DestinationDriver, DestinationOptions } from '../model/destination.ts';
import type { OpenEngine } from './contract.ts';

const openSql = async (engine: OpenEngine, options: DestinationOptions) =>
  (await import('./open.ts')).openSql(engine, options);

/** All destinations. What one is made of is loaded only when it is opened: the wizard and the settings ask for names. */
export const drivers: readonly DestinationDriver[] = [
  {
    type: 'mysql',
    label: 'MySQL',
    schemes: ['mysql', 'mariadb'],
    defaultPort: 3306,
    example: 'mysql://user:password@host:3306/database',
    open: async (options) => openSql((await import('./mysql/index.ts')).openMysql, options),
  },
  {
    type: 'mariadb',
    label: 'MariaDB',
    schemes: ['mariadb', 'mysql'],
    defaultPort: 3306,
    example: 'mariadb://user:password@host:3306/database',
    open: async (options) => openSql((await import('./mysql/index.ts')).openMysql, options),
  },
  {
    type: 'sqlserver',
    label: 'SQL Server',
    schemes: ['sqlserver', 'mssql'],
    defaultPort: 1433,
    example: 'sqlserver://user:password@host:1433/database',
    open: async (options) => openSql((await import('./sqlserver/index.ts')).openSqlServer, options),
  },
  {
    type: 'sqlite',
    label: 'SQLite',
    schemes: ['sqlite'],
    defaultPort: null,
    example: 'sqlite:./copy.db',
    open: async (options) => openSql((await import('./sqlite/engine.ts')).openSqlite, options),
  },
  {
    type: 'kafka',
    label: 'Kafka',
    schemes: ['kafka'],
    defaultPort: 9092,
    example: 'kafka://host:9092/topic-prefix',
    open: async (options) => (await import('./kafka/index.ts')).openKafka(options),
  },
];
