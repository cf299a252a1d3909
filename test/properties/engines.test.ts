import { vi } from 'vitest';
import { mysqlPlace } from '../contract/mysql-place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { describeWith, mariadb, mysql, postgres } from '../support/services.ts';
import { valueProperties } from './value-properties.ts';

/** What the server warned of. */
const warned = vi.hoisted((): string[] => []);
/** Of the spelling of a statement, which two servers share: MySQL would like VALUES() and TINYINT(1) replaced. */
const DEPRECATED = new Set(['1287', '1681']);
vi.mock('../../src/destination/mysql/connection.ts', async (original) => {
  const real = await original<typeof import('../../src/destination/mysql/connection.ts')>();
  const outcome: typeof real.outcome = async (connection, sql, timeoutMs, more) => {
    const result = await real.outcome(connection, sql, timeoutMs, more);
    if (result.warningStatus > 0)
      for (const [level, code, message] of await real.rows(connection, 'SHOW WARNINGS', 0))
        if (!DEPRECATED.has(code ?? '')) warned.push(`${level} ${code}: ${message}`);
    return result;
  };
  const outcomes: typeof real.outcomes = async (connection, statements, timeoutMs) => {
    const results = await real.outcomes(connection, statements, timeoutMs);
    for (const [i, { warningStatus }] of results.entries())
      if (warningStatus > 0) warned.push(`${warningStatus} warnings: ${statements[i]?.slice(0, 500)}`);
    return results;
  };
  return { ...real, outcome, outcomes };
});

await describeWith('any value into SQLite', postgres, (source) => {
  valueProperties('sqlite', source, sqlitePlace, warned);
});

await describeWith('any value into MariaDB', pair(mariadb), ([source, server]) => {
  valueProperties('mariadb', source, () => mysqlPlace('mariadb', server), warned);
});

await describeWith('any value into MySQL', pair(mysql), ([source, server]) => {
  valueProperties('mysql', source, () => mysqlPlace('mysql', server), warned);
});

function pair<T>(start: () => Promise<T>) {
  return async () => [await postgres(), await start()] as const;
}
