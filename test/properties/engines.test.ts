import { describe, vi } from 'vitest';
import { mysqlPlace } from '../contract/mysql-place.ts';
import type { OpenPlace } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { SEED } from '../support/seed.ts';
import { describeWith, mariadb, mysql, postgres, type SharedServer } from '../support/services.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { CASES } from './cases.ts';
import { choicesOf } from './choices.ts';
import { choiceProperties, refusalProperties } from './encoder-properties.ts';
import { valueProperties } from './value-properties.ts';

/** What the server warned of. */
const warned = vi.hoisted((): string[] => []);
/** Not about values: MySQL would like VALUES() and TINYINT(1) replaced, and a table of ours may be there already. */
const HARMLESS = new Set(['1287', '1681', '1050']);
vi.mock('../../src/destination/mysql/connection.ts', async (original) => {
  const real = await original<typeof import('../../src/destination/mysql/connection.ts')>();
  const outcomes: typeof real.outcomes = async (connection, statements, timeoutMs, file) => {
    const results = await real.outcomes(connection, statements, timeoutMs, file);
    const last = results.length - 1;
    for (const [i, { warningStatus }] of results.entries())
      if (warningStatus > 0 && i < last) warned.push(`${warningStatus} warnings: ${statements[i]?.slice(0, 500)}`);
    if ((results[last]?.warningStatus ?? 0) > 0)
      for (const [level, code, message] of await real.rows(connection, 'SHOW WARNINGS', 0))
        if (!HARMLESS.has(code ?? '')) warned.push(`${level} ${code}: ${message}`);
    return results;
  };
  return { ...real, outcomes };
});

await describeWith('into SQLite', postgres, (source) => {
  destination('sqlite', source, sqlitePlace);
});

await describeWith('into MariaDB', pair(mariadb), ([source, server]) => {
  destination('mariadb', source, () => mysqlPlace('mariadb', server));
});

await describeWith('into MySQL', pair(mysql), ([source, server]) => {
  destination('mysql', source, () => mysqlPlace('mysql', server));
});

function destination(engine: EngineName, source: SharedServer, openPlace: OpenPlace): void {
  describe(`any value of any type (seed ${SEED})`, () => {
    refusalProperties(engine, valueProperties({ engine, source, openPlace, warned, cases: CASES }));
  });
  describe(`any value in a column of a chosen type (seed ${SEED})`, () => {
    choiceProperties(valueProperties({ engine, source, openPlace, warned, cases: choicesOf(engine) }));
  });
}

function pair<T>(start: () => Promise<T>) {
  return async () => [await postgres(), await start()] as const;
}
