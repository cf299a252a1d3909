import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, Session, Step } from '../../../src/destination/contract.ts';
import type { Relation } from '../../../src/model/relation.ts';
import { column, relation } from '../../support/relations.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, mysql } from '../../support/services.ts';
import { create, engineOf, targetOf } from './database.ts';

const notes = (): Relation => relation('notes', ['id int8', 'a int4', 'note text', 'raw bytea'], ['id']);
const rows = (count: number) => Array.from({ length: count }, (_, i) => [`${i}`, '1', `note ${i}`, null]);

for (const [name, server] of [
  ['mariadb', mariadb],
  ['mysql', mysql],
] as const) {
  await describeWith(name, server, (shared) => {
    let database: FreshDatabase;
    let engine: Engine;
    let session: Session;

    beforeAll(async () => {
      database = await freshDatabase(shared);
      engine = engineOf(database.url);
      await engine.connect();
      session = await engine.open();
    });

    afterAll(async () => {
      await session.close();
      await database.drop();
    });

    const write = (step: Step): Promise<void> => session.write(step);

    it('creates a database for a schema of its own', async () => {
      const schema = `${database.name}_other`;
      const table = { ...relation('x', ['id int4'], ['id']), target: { schema, name: 'x' } };
      for (const sql of engine.dialect.createTable(table, engine.dialect.codecs(table))) await session.runLong(sql);
      const target = targetOf(engine, table);
      await write({ kind: 'insert', target, rows: [['1']] });
      expect(await engine.describe(session, target.place)).not.toBeNull();
      expect(await engine.describe(session, { ...target.place, schema: null })).toBeNull();
      await session.run(`DROP DATABASE ${engine.dialect.quote(schema)}`);
    });

    it('scans in chunks, and ends the session where the scan is given up', async () => {
      const target = await create(engine, session, notes());
      await write({ kind: 'insert', target, rows: rows(3000) });
      const other = await engine.open();
      const sizes: number[] = [];
      for await (const chunk of other.scan('SELECT id FROM notes', new AbortController().signal))
        sizes.push(chunk.length);
      expect(sizes.reduce((a, b) => a + b)).toBe(3000);
      expect(Math.max(...sizes)).toBeLessThan(3000);
      const stop = new AbortController();
      const scan = async () => {
        for await (const _ of other.scan('SELECT id FROM notes', stop.signal)) stop.abort(new Error('enough'));
      };
      await expect(scan()).rejects.toThrow('enough');
      await expect(other.rows('SELECT 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    });

    it('ends all forgotten sessions that hold locks, and waits until these are gone', async () => {
      const target = await create(engine, session, notes());
      await write({ kind: 'insert', target, rows: rows(2) });
      const old = [await engine.open('stream'), await engine.open('stream')];
      for (const [id, one] of old.entries()) {
        await one.begin();
        await one.run(`UPDATE notes SET a = 5 WHERE id = ${id}`);
      }
      const next = await engine.open('stream');
      await next.evict('stream');
      expect(await next.run('UPDATE notes SET a = 6')).toBe(2);
      for (const one of old)
        await expect(one.run('SELECT 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
      const third = await engine.open();
      await third.evict('stream');
      await expect(next.run('DO 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
      await third.close();
    });

    it('gives a statement up at its timeout, and the session with it; a long one may take longer', async () => {
      const hasty = await engineOf(database.url, 200).open();
      await hasty.runLong('DO SLEEP(0.4)');
      await expect(hasty.rows('SELECT SLEEP(30)')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
      await expect(hasty.begin()).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    });

    it('lets go of a call in hand when the session is closed', async () => {
      const other = await engine.open();
      const waiting = other.rows('SELECT SLEEP(30)');
      const refused = expect(waiting).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
      await other.close();
      await refused;
    });

    it('names a wrong password, a missing database and a dead port without showing the password', async () => {
      const changed = (change: (url: URL) => void) => {
        const url = new URL(database.url);
        change(url);
        return engineOf(url.href).connect();
      };
      const wrong = await changed((url) => (url.password = 'not-this-one')).catch((error: Error) => error);
      expect(wrong).toMatchObject({ code: 'DESTINATION_AUTH' });
      expect(String(wrong)).not.toContain('not-this-one');
      await expect(changed((url) => (url.pathname = '/nowhere'))).rejects.toMatchObject({ code: 'DESTINATION_AUTH' });
      await expect(changed((url) => (url.port = '1'))).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    });

    it('refuses what is not a plain InnoDB table', async () => {
      const place = (table: string) => engine.dialect.place({ schema: null, name: table });
      await session.run('CREATE OR REPLACE VIEW seen AS SELECT 1 AS one');
      await session.run('CREATE TABLE old (id INT) ENGINE=MyISAM');
      await expect(engine.describe(session, place('seen'))).rejects.toMatchObject({ code: 'TABLE_MISMATCH' });
      await expect(engine.describe(session, place('old'))).rejects.toMatchObject({ code: 'TABLE_MISMATCH' });
      expect(await engine.describe(session, place('absent'))).toBeNull();
    });

    it('says which columns of a table of somebody else would change values', async () => {
      await session.run(`CREATE TABLE theirs (k VARCHAR(99) COLLATE utf8mb4_general_ci PRIMARY KEY, f FLOAT,
        t TIMESTAMP NULL, c CHAR(9) COLLATE utf8mb4_bin, d DECIMAL(8,2), l TEXT CHARACTER SET latin1, ok BIGINT)`);
      const found = await engine.describe(session, engine.dialect.place({ schema: null, name: 'theirs' }));
      const types = ['text', 'float8', 'timestamptz', 'text', 'numeric', 'text', 'int4'].map((type, i) =>
        column(`c${i}`, type),
      );
      const table: Relation = { ...relation('theirs', ['k text'], ['k']), columns: types };
      const codecs = engine.dialect.codecs(table);
      const fits = found?.columns.map((one, i) => {
        const codec = codecs[i];
        return codec !== undefined && engine.dialect.misfit(one, codec, i === 0) === null;
      });
      expect(fits).toEqual([false, false, false, false, false, false, true]);
    });
  });
}
