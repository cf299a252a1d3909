import { expect, it } from 'vitest';
import type { Step } from '../../../src/destination/contract.ts';
import type { Row } from '../../../src/model/value.ts';
import { create, notes, onBothServers, rows } from './database.ts';

await onBothServers((bench) => {
  const write = (step: Step): Promise<void> => bench.session.write(step);
  const count = async (table: string) => (await bench.session.rows(`SELECT COUNT(*) FROM ${table}`))[0]?.[0];

  it('loads and replaces many rows with every special character in them', async () => {
    const target = await create(bench.engine, bench.session, notes());
    await write({ kind: 'insert', target, rows: rows(30_000) });
    await write({ kind: 'upsert', target, rows: rows(30_001) });
    const found = await bench.session.rows(
      'SELECT id, a, note, LOWER(HEX(raw)) FROM notes WHERE id IN (6, 30000) ORDER BY id',
    );
    expect(found).toEqual([
      ['6', '1', 'tab\t \\N back\\ \n\r 6 😀', null],
      ['30000', '1', 'tab\t \\N back\\ \n\r 30000 😀', null],
    ]);
    expect(await count('notes')).toBe('30001');
  });

  it('refuses duplicate keys of an insert, by statement and by load', async () => {
    const target = await create(bench.engine, bench.session, notes());
    await write({ kind: 'insert', target, rows: rows(1) });
    for (const size of [1, 300])
      await expect(write({ kind: 'insert', target, rows: rows(size) })).rejects.toMatchObject({
        code: 'VALUE_REFUSED',
      });
  });

  it.each([1, 300])('names the row of %i that an older column does not take, or its trigger', async (size) => {
    const strict = async (sql: string, last: Row, why: string): Promise<void> => {
      const target = await create(bench.engine, bench.session, notes());
      await bench.session.runLong(sql);
      for (const kind of ['insert', 'upsert'] as const) {
        await bench.session.begin();
        await expect(write({ kind, target, rows: [...rows(size), last] })).rejects.toMatchObject({
          code: 'VALUE_REFUSED',
          message: expect.stringMatching(new RegExp(`notes \\(id = '${size}'\\).*${why}`)),
        });
        await bench.session.rollback();
      }
    };
    await strict('ALTER TABLE notes MODIFY a INT NOT NULL', [`${size}`, null, 'x', null], 'a');
    await strict(
      `CREATE TRIGGER notes_bad BEFORE INSERT ON notes FOR EACH ROW
       IF NEW.note = 'bad' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not here'; END IF`,
      [`${size}`, '1', 'bad', null],
      'not here',
    );
  });

  it.each(['bad value', 'too long row'] as const)(
    'ends a load of many pieces with a %s far behind, and goes on',
    async (what) => {
      const target = await create(bench.engine, bench.session, notes());
      const many = rows(20_000);
      const [limit] = (await bench.session.rows('SELECT @@max_allowed_packet'))[0] ?? [];
      const last: Row = what === 'bad value' ? ['x', '1', 'a', null] : ['20001', '1', 'a'.repeat(Number(limit)), null];
      await bench.session.begin();
      await expect(write({ kind: 'upsert', target, rows: [...many, last] })).rejects.toMatchObject({
        code: 'VALUE_UNREPRESENTABLE',
        message: expect.stringContaining(`id = '${String(last[0])}'`),
      });
      await bench.session.rollback();
      expect(await count('notes')).toBe('0');
      await write({ kind: 'upsert', target, rows: many });
      expect(await count('notes')).toBe('20000');
    },
  );

  it('opens a transaction with its first statement, whichever that is, and not without one', async () => {
    const target = await create(bench.engine, bench.session, notes());
    const inTransaction = async () => (await bench.session.rows('SELECT @@in_transaction'))[0]?.[0];
    const firsts: readonly (() => Promise<unknown>)[] = [
      () => bench.session.run(`INSERT INTO notes (id, a, note) VALUES (1, 1, 'x')`),
      () => bench.session.runLong(`INSERT INTO notes (id, a, note) VALUES (1, 1, 'x')`),
      () => write({ kind: 'insert', target, rows: rows(1) }),
      () => write({ kind: 'insert', target, rows: rows(300) }),
      () => write({ kind: 'upsert', target, rows: rows(300) }),
      () =>
        bench.session
          .rows('SELECT 1')
          .then(() => bench.session.run(`INSERT INTO notes (id, a, note) VALUES (1, 1, 'x')`)),
      () => write({ kind: 'patch', target, patches: [{ key: ['1'], after: ['1', '2', 'new', null] }] }),
    ];
    for (const first of firsts) {
      await bench.session.begin();
      await first();
      if (bench.name === 'mariadb') expect(await inTransaction()).toBe('1');
      expect(await count('notes')).not.toBe('0');
      await bench.session.rollback();
      expect(await count('notes')).toBe('0');
    }
    for (const end of ['commit', 'rollback'] as const) {
      await bench.session.begin();
      await bench.session[end]();
      await bench.session.run(`INSERT INTO notes (id, a, note) VALUES (1, 1, 'x')`);
      await bench.session.rollback();
      expect(await count('notes')).toBe('1');
      await bench.session.run('DELETE FROM notes');
    }
  });
});
