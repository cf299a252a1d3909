import { describe, expect, it } from 'vitest';
import { rowIdentity } from '../../src/source/identity.ts';

const columns = ['id', 'tenant', 'note'];
const facts = { primaryKey: ['tenant', 'id'], identityIndex: null, flagged: null } as const;

describe('rowIdentity', () => {
  it('uses the primary key in its own order', () => {
    expect(rowIdentity({ ...facts, replicaIdentity: 'default' }, columns)).toEqual({ identity: 'key', key: [1, 0] });
  });

  it('takes the key of REPLICA IDENTITY FULL from the catalog, because the stream flags every column', () => {
    const identity = rowIdentity({ ...facts, replicaIdentity: 'full', flagged: columns }, columns);
    expect(identity).toEqual({ identity: 'key', key: [1, 0] });
  });

  it('finds rows of a keyless table under FULL by the whole row', () => {
    const identity = rowIdentity({ ...facts, primaryKey: null, replicaIdentity: 'full', flagged: columns }, columns);
    expect(identity).toEqual({ identity: 'row', key: [0, 1, 2] });
  });

  it('uses the index that the replica identity names, not the primary key', () => {
    const identity = rowIdentity(
      { ...facts, replicaIdentity: 'index', identityIndex: ['note'], flagged: ['note'] },
      columns,
    );
    expect(identity).toEqual({ identity: 'key', key: [2] });
  });

  it('treats a table whose key is deferrable (nothing flagged) as keyless', () => {
    expect(rowIdentity({ ...facts, replicaIdentity: 'default', flagged: [] }, columns)).toEqual({
      identity: 'none',
      key: [],
    });
    expect(rowIdentity({ ...facts, primaryKey: null, replicaIdentity: 'default' }, columns).identity).toBe('none');
  });

  it('upserts by the primary key under REPLICA IDENTITY NOTHING, where only inserts come', () => {
    expect(rowIdentity({ ...facts, replicaIdentity: 'nothing', flagged: [] }, columns).identity).toBe('key');
  });

  it('has no key when the publication leaves out a key column', () => {
    expect(rowIdentity({ ...facts, replicaIdentity: 'full' }, ['id', 'note']).identity).toBe('row');
  });
});
