import { describe, expect, it } from 'vitest';
import { lsn } from '../../src/model/lsn.ts';
import { assertClear, KnownTables } from '../../src/pipeline/tables.ts';
import { onlyTables } from '../../src/transform/filter.ts';
import { relation } from '../support/relations.ts';

const orders = relation('orders', ['id int4', 'note text'], ['id']);
const all = { transform: onlyTables(null), route: onlyTables(null) };
const state = {
  schema: 'public',
  name: 'orders',
  oid: orders.oid,
  state: 'copied',
  snapshot: lsn(100n),
  rows: 1,
} as const;

describe('KnownTables', () => {
  it('applies a copied table from its snapshot on', () => {
    expect(new KnownTables(all, [state], false, new Set()).judge(orders)).toEqual({
      kind: 'apply',
      relation: orders,
      since: 100n,
    });
  });

  it('asks for a copy of a table that was never copied, once', () => {
    expect(new KnownTables(all, [], false, new Set()).judge(orders)).toEqual({ kind: 'copy' });
    expect(new KnownTables(all, [], false, new Set([orders.oid])).judge(orders)).toEqual({ kind: 'ignore' });
  });

  it('takes every table when there is no initial copy', () => {
    expect(new KnownTables(all, [], true, new Set()).judge(orders)).toMatchObject({ kind: 'apply', since: 0n });
  });

  it('leaves out tables that were not chosen', () => {
    expect(
      new KnownTables({ ...all, transform: onlyTables(['public.other']) }, [state], true, new Set()).judge(orders),
    ).toEqual({
      kind: 'ignore',
    });
  });

  it('goes on with a renamed table that was chosen under its name before', () => {
    const chosen = { ...all, transform: onlyTables(['public.orders']) };
    const shape = { target: orders.target, origin: { schema: 'public', name: 'orders' }, columns: [] };
    const renamed = { ...orders, name: 'bestellungen' };
    const tables = new KnownTables(chosen, [{ ...state, shape }], false, new Set());
    expect(tables.judge(renamed)).toMatchObject({ kind: 'apply', relation: { name: 'bestellungen' } });
    expect([tables.isUnlisted(renamed), tables.isUnlisted(orders)]).toEqual([true, false]);
    expect(tables.judge({ ...renamed, oid: 1 })).toEqual({ kind: 'ignore' });
  });
});

describe('assertClear', () => {
  it('refuses a table whose columns cannot be told apart', () => {
    expect(() => assertClear(orders)).not.toThrow();
    expect(() => assertClear({ ...orders, unclear: true })).toThrow(/cannot be told/);
  });
});
