import { expect, it } from 'vitest';
import { describeEngines } from '../support/schema-fixture.ts';

describeEngines('bookkeeping from before columns were remembered', (f) => {
  it('is completed in place, and its tables go on without a copy', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync();
    await f.place.exec('ALTER TABLE pg2any_tables DROP COLUMN shape');
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    const events = await f.sync();
    expect(events.map(({ event }) => event)).not.toContain('copy.started');
    await f.sql("ALTER TABLE t RENAME v TO w; INSERT INTO t VALUES (3, 'c')");
    await f.sync();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'w']);
  });

  it('can be looked at as it is', async () => {
    await f.sql('CREATE TABLE t (id int PRIMARY KEY)');
    await f.sync();
    await f.place.exec('ALTER TABLE pg2any_tables DROP COLUMN shape');
    const setup = f.setup();
    const destination = await setup.open();
    try {
      const systemId = (await f.sql('SELECT system_identifier FROM pg_control_system()'))[0]?.[0] ?? '';
      await destination.connect();
      expect((await destination.peek({ slot: setup.slot ?? '', systemId }))?.tables).toMatchObject([
        { name: 't', shape: null },
      ]);
    } finally {
      await destination.close();
    }
  });
});
