import { expect, it } from 'vitest';
import { crash, describeEngines } from '../support/schema-fixture.ts';

describeEngines('a table that a process which died had just created', (f) => {
  const CHANGES = [
    ['has more columns by now', "ALTER TABLE t ADD n int NOT NULL DEFAULT 7; INSERT INTO t VALUES (2, 'b', 8)", 't'],
    ['has fewer columns by now', 'ALTER TABLE t DROP v; INSERT INTO t VALUES (2)', 't'],
    ['has a column of another name by now', "ALTER TABLE t RENAME v TO w; INSERT INTO t VALUES (2, 'b')", 't'],
    ['has a wider column by now', 'ALTER TABLE t ALTER id TYPE bigint; INSERT INTO t VALUES (5000000000)', 't'],
    ['is called otherwise by now', "ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (2, 'b')", 'u'],
  ] as const;

  for (const when of ['before', 'after'] as const)
    it.each(CHANGES)(`is taken for ours although it %s, dead ${when} the statement`, async (_, change, table) => {
      await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
      f.fault = (at, sql) => {
        if (at === when && /^CREATE TABLE [^(]*["`]t["`]/.test(sql)) crash();
      };
      await expect(f.sync()).rejects.toThrow('killed by the test');
      f.fault = () => undefined;
      await f.sql(change);
      await f.sync();
      await f.expectSame(table);
    });
});
