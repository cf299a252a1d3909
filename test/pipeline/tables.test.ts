import { describe, expect, it } from 'vitest';
import { lsn } from '../../src/model/lsn.ts';
import { assertClear, KnownTables } from '../../src/pipeline/tables.ts';
import { onlyTables } from '../../src/transform/filter.ts';
import { relation } from '../support/relations.ts';

const orders = relation('orders', ['id int4', 'note text'], ['id']);
const all = onlyTables(null);
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
    expect(new KnownTables(onlyTables(['public.other']), [state], true, new Set()).judge(orders)).toEqual({
      kind: 'ignore',
    });
  });

  it('stops at a renamed table instead of filling a new empty one', () => {
    const renamed = { ...orders, name: 'bestellungen' };
    expect(() => new KnownTables(all, [state], false, new Set()).judge(renamed)).toThrow(
      /now called public.bestellungen/,
    );
  });
});

describe('assertClear', () => {
  it('refuses a table whose columns cannot be told apart', () => {
    expect(() => assertClear(orders)).not.toThrow();
    expect(() => assertClear({ ...orders, unclear: true })).toThrow(/cannot be told/);
  });
});
