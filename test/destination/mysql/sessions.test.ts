import { expect, it } from 'vitest';
import type { Step } from '../../../src/destination/contract.ts';
import type { Relation } from '../../../src/model/relation.ts';
import { column, relation } from '../../support/relations.ts';
import { create, engineOf, onBothServers, targetOf } from './database.ts';

const notes = (): Relation => relation('notes', ['id int8', 'a int4', 'note text', 'raw bytea'], ['id']);
const rows = (count: number) => Array.from({ length: count }, (_, i) => [`${i}`, '1', `note ${i}`, null]);

await onBothServers((bench) => {
  const write = (step: Step): Promise<void> => bench.session.write(step);

  it('creates a database for a schema of its own', async () => {
    const schema = `${bench.database.name}_other`;
    const table = { ...relation('x', ['id int4'], ['id']), target: { schema, name: 'x' } };
    for (const sql of bench.engine.dialect.createTable(table, bench.engine.dialect.codecs(table)))
      await bench.session.runLong(sql);
    const target = targetOf(bench.engine, table);
    await write({ kind: 'insert', target, rows: [['1']] });
    expect(await bench.engine.describe(bench.session, target.place)).not.toBeNull();
    expect(await bench.engine.describe(bench.session, { ...target.place, schema: null })).toBeNull();
    await bench.session.run(`DROP DATABASE ${bench.engine.dialect.quote(schema)}`);
  });

  it('scans in chunks, and ends the session where the scan is given up', async () => {
    const target = await create(bench.engine, bench.session, notes());
    await write({ kind: 'insert', target, rows: rows(3000) });
    const other = await bench.engine.open();
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
    const target = await create(bench.engine, bench.session, notes());
    await write({ kind: 'insert', target, rows: rows(2) });
    const old = [await bench.engine.open('stream'), await bench.engine.open('stream')];
    for (const [id, one] of old.entries()) {
      await one.begin();
      await one.run(`UPDATE notes SET a = 5 WHERE id = ${id}`);
    }
    const next = await bench.engine.open('stream');
    await next.evict('stream');
    expect(await next.run('UPDATE notes SET a = 6')).toBe(2);
    for (const one of old) await expect(one.run('SELECT 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    const third = await bench.engine.open();
    await third.evict('stream');
    await expect(next.run('DO 1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    await third.close();
  });

  it('gives a statement up at its timeout, and the session with it; a long one may take longer', async () => {
    const hasty = await engineOf(bench.database.url, 200).open();
    await hasty.runLong('DO SLEEP(0.4)');
    await expect(hasty.rows('SELECT SLEEP(30)')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    await expect(hasty.begin()).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  });

  it('lets go of a call in hand when the session is closed', async () => {
    const other = await bench.engine.open();
    const waiting = other.rows('SELECT SLEEP(30)');
    const refused = expect(waiting).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    await other.close();
    await refused;
  });

  it('names a wrong password, a missing database and a dead port without showing the password', async () => {
    const changed = (change: (url: URL) => void) => {
      const url = new URL(bench.database.url);
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
    const place = (table: string) => bench.engine.dialect.place({ schema: null, name: table });
    await bench.session.run('CREATE OR REPLACE VIEW seen AS SELECT 1 AS one');
    await bench.session.run('CREATE TABLE old (id INT) ENGINE=MyISAM');
    await expect(bench.engine.describe(bench.session, place('seen'))).rejects.toMatchObject({ code: 'TABLE_MISMATCH' });
    await expect(bench.engine.describe(bench.session, place('old'))).rejects.toMatchObject({ code: 'TABLE_MISMATCH' });
    expect(await bench.engine.describe(bench.session, place('absent'))).toBeNull();
  });

  it('says which columns of a table of somebody else would change values', async () => {
    await bench.session.run(`CREATE TABLE theirs (k VARCHAR(99) COLLATE utf8mb4_general_ci PRIMARY KEY, f FLOAT,
      t TIMESTAMP NULL, c CHAR(9) COLLATE utf8mb4_bin, d DECIMAL(8,2), l TEXT CHARACTER SET latin1, ok BIGINT)`);
    const found = await bench.engine.describe(
      bench.session,
      bench.engine.dialect.place({ schema: null, name: 'theirs' }),
    );
    const types = ['text', 'float8', 'timestamptz', 'text', 'numeric', 'text', 'int4'].map((type, i) =>
      column(`c${i}`, type),
    );
    const table: Relation = { ...relation('theirs', ['k text'], ['k']), columns: types };
    const codecs = bench.engine.dialect.codecs(table);
    const fits = found?.columns.map((one, i) => {
      const codec = codecs[i];
      return codec !== undefined && bench.engine.dialect.misfit(one, codec, i === 0) === null;
    });
    expect(fits).toEqual([false, false, false, false, false, false, true]);
  });
});
