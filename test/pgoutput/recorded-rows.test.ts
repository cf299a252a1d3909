import { describe, expect, it } from 'vitest';
import { messages, recording, since, transcript, VERSIONS } from '../support/pgoutput-recording.ts';

const transactions = (...groups: readonly (readonly string[])[]): string[] =>
  groups.flatMap((lines) => ['begin', ...lines, 'commit']);

describe.each(VERSIONS)('rows from PostgreSQL %i', (version) => {
  const script = (name: string) => transcript(recording(version, name));

  it('have the text that a SELECT gives, for every type and for NULL', () => {
    const one = recording(version, 'types');
    const inserted = messages(one).flatMap((message) => (message.kind === 'insert' ? [message.after] : []));
    expect(inserted).toHaveLength(3);
    expect(inserted).toEqual(one.rows);
  });

  it('name enums, arrays and composites; of a domain they name the base type under its own OID', () => {
    const types = script('types').filter((line) => line.startsWith('type '));
    expect(types).toEqual([
      'type public.mood',
      'type public._mood',
      'type pg_catalog.int8',
      'type public._Cents',
      'type public.mood',
      'type public.pair',
      'type public._pair',
      'type odd schema.mood',
    ]);
    const oids = messages(recording(version, 'types')).flatMap((it) => (it.kind === 'type' ? [it.oid] : []));
    expect(new Set(oids).size).toBe(types.length);
  });

  it('mark unchanged TOAST, also beside a changed key; the whole old row has the value', () => {
    expect(script('toast')).toEqual(
      transactions(
        ['relation public.d default (id* 23, v 23, doc 25)', "insert public.d ('1', '1', 'x' × 2048)"],
        ["update public.d to ('1', '2', unchanged)"],
        ["update public.d key ('1', null, null) to ('10', '2', unchanged)"],
        ["update public.d to ('10', '2', 'short')"],
        ["delete public.d key ('10', null, null)"],
        ['relation public.f full (id* 23, v* 23, doc* 25)', "insert public.f ('1', '1', 'x' × 2048)"],
        ["update public.f full ('1', '1', 'x' × 2048) to ('1', '2', unchanged)"],
        ["update public.f full ('1', '2', 'x' × 2048) to ('10', '2', unchanged)"],
        ["update public.f full ('10', '2', 'x' × 2048) to ('10', '2', 'short')"],
        ["delete public.f full ('10', '2', 'short')"],
      ),
    );
  });

  it('carry old keys and rows as the replica identity says', () => {
    expect(script('identity')).toEqual(
      transactions(
        ['relation public.by_key default (b* 25, a* 23, note 25)', "insert public.by_key ('x', '1', null)"],
        ["update public.by_key to ('x', '1', 'n')"],
        ["update public.by_key key ('x', '1', null) to ('y', '1', 'n')"],
        ["delete public.by_key key ('y', '1', null)"],
        ['relation public.by_index index (id 23, code* 25, note 25)', "insert public.by_index ('1', 'x', null)"],
        ["update public.by_index to ('2', 'x', null)"],
        ["update public.by_index key (null, 'x', null) to ('2', 'y', null)"],
        ["delete public.by_index key (null, 'y', null)"],
        [
          'relation public.by_row full (a* 23, b* 25)',
          "insert public.by_row ('1', null)",
          "insert public.by_row ('1', null)",
          "insert public.by_row (null, 'z')",
        ],
        ["update public.by_row full (null, 'z') to (null, 'w')"],
        [
          "delete public.by_row full ('1', null)",
          "delete public.by_row full ('1', null)",
          "delete public.by_row full (null, 'w')",
        ],
        ['relation public.full_key full (id* 23, b* 25)', "insert public.full_key ('1', 'a')"],
        ["update public.full_key full ('1', 'a') to ('1', 'b')"],
        ["delete public.full_key full ('1', 'b')"],
        ['relation public.nothing nothing (id 23)', "insert public.nothing ('1')"],
        ['relation public.keyless default (a 23)', "insert public.keyless ('1')"],
        ['relation public.deferred default (id 23)', "insert public.deferred ('1')"],
      ),
    );
  });

  it('are emptied by one truncate that lists every published table, and not by one that was rolled back', () => {
    const [parent, child, alone] = [
      'relation public.parent default (id* 23)',
      'relation public.child default (id* 23, parent 23)',
      'relation public.alone default (id* 23)',
    ];
    expect(script('truncate')).toEqual(
      transactions(
        [alone, 'truncate public.alone'],
        [parent, child, 'truncate public.parent, public.child cascade'],
        [alone, 'truncate public.alone restart identity'],
        [parent, alone, child, 'truncate public.parent, public.alone, public.child cascade restart identity'],
      ),
    );
  });

  it('of partitions belong to the root when published so; a truncated partition is then silent', () => {
    const columns = 'default (id* 23, region* 25, note 25)';
    const root = `relation public.root ${columns}`;
    expect(script('partitions as root')).toEqual(
      transactions(
        [
          root,
          `relation public.leaf_eu ${columns}`,
          "insert public.root ('1', 'eu', 'a')",
          root,
          `relation public.leaf_us ${columns}`,
          "insert public.root ('2', 'us', 'b')",
        ],
        ["update public.root to ('1', 'eu', 'c')"],
        ["delete public.root key ('1', 'eu', null)", "insert public.root ('1', 'us', 'c')"],
        ["delete public.root key ('2', 'us', null)"],
        [root, 'truncate public.root'],
      ),
    );
  });

  it('of partitions belong to the partition otherwise; a moved row is deleted here and inserted there', () => {
    const columns = 'default (id* 23, region* 25, note 25)';
    const [eu, us] = [`relation public.leaf_eu ${columns}`, `relation public.leaf_us ${columns}`];
    expect(script('partitions')).toEqual(
      transactions(
        [eu, "insert public.leaf_eu ('1', 'eu', 'a')", us, "insert public.leaf_us ('2', 'us', 'b')"],
        ["update public.leaf_eu to ('1', 'eu', 'c')"],
        ["delete public.leaf_eu key ('1', 'eu', null)", "insert public.leaf_us ('1', 'us', 'c')"],
        ["delete public.leaf_us key ('2', 'us', null)"],
        [us, 'truncate public.leaf_us'],
        [eu, us, 'truncate public.leaf_eu, public.leaf_us'],
      ),
    );
  });

  it('have generated columns only from 18 on, where they are published', () => {
    const [shape, values] = version >= 18 ? ['id* 23, a 23, b 23', "'1', '21', '42'"] : ['id* 23, a 23', "'1', '21'"];
    expect(script('generated')).toEqual(
      transactions([`relation public.g default (${shape})`, `insert public.g (${values})`]),
    );
  });
});

describe.each(since(15))('rows from PostgreSQL %i', (version) => {
  it('enter and leave a row filter as insert and delete; the insert can lack an unchanged TOAST value', () => {
    expect(transcript(recording(version, 'filter'))).toEqual(
      transactions(
        ['relation public.d default (id* 23, v 23, doc 25)', "insert public.d ('11', '1', 'short')"],
        ["insert public.d ('21', '1', unchanged)"],
        ["update public.d to ('11', '2', 'short')", "update public.d to ('21', '2', unchanged)"],
        ["delete public.d key ('21', null, null)"],
        ['relation public.listed default (id* 23, b 25)', "insert public.listed ('1', 'b')"],
      ),
    );
  });
});
