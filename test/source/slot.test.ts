import { describe, expect, it } from 'vitest';
import { parseLsn } from '../../src/model/lsn.ts';
import { checkStart, createSlotSql, type SlotFacts, usableSlot } from '../../src/source/slot.ts';

const good: SlotFacts = {
  plugin: 'pgoutput',
  slotType: 'logical',
  database: 'shop',
  active: false,
  temporary: false,
  confirmed: parseLsn('0/100'),
  walStatus: 'reserved',
  invalidated: null,
  safeBytes: null,
};
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return null;
};

describe('usableSlot', () => {
  it('accepts our slot and says how far it is', () => {
    expect(usableSlot(good, 's', 'shop')).toEqual({ confirmed: parseLsn('0/100'), active: false });
  });

  it.each([
    ['another database', { database: 'other' }, 'SLOT_MISMATCH'],
    ['another plugin', { plugin: 'wal2json' }, 'SLOT_MISMATCH'],
    ['a physical slot', { slotType: 'physical', plugin: null }, 'SLOT_MISMATCH'],
    ['a temporary slot', { temporary: true }, 'SLOT_MISMATCH'],
    ['a half-created slot', { confirmed: null }, 'SLOT_MISMATCH'],
    ['a lost slot', { walStatus: 'lost' }, 'SLOT_LOST'],
    ['an invalidated slot', { invalidated: 'idle_timeout' }, 'SLOT_LOST'],
  ] as const)('refuses %s', (_, wrong, expected) => {
    expect(code(() => usableSlot({ ...good, ...wrong }, 's', 'shop'))).toBe(expected);
  });
});

describe('checkStart', () => {
  const slot = { confirmed: parseLsn('0/100'), active: false };
  const end = parseLsn('0/900');

  it('lets a stream start at or after what was confirmed', () => {
    expect(code(() => checkStart('s', slot, parseLsn('0/100'), end))).toBeNull();
    expect(code(() => checkStart('s', slot, parseLsn('0/200'), end))).toBeNull();
  });

  it('refuses a checkpoint behind the slot: the changes between are gone', () => {
    expect(code(() => checkStart('s', slot, parseLsn('0/FF'), end))).toBe('SLOT_AHEAD');
  });

  it('refuses a checkpoint beyond the end of the WAL: the server would skip everything silently', () => {
    expect(code(() => checkStart('s', slot, parseLsn('0/901'), end))).toBe('SOURCE_BEHIND');
  });

  it('never replaces a missing slot silently', () => {
    expect(code(() => checkStart('s', null, parseLsn('0/100'), end))).toBe('SLOT_MISSING');
  });

  it('waits for a slot in use', () => {
    expect(code(() => checkStart('s', { ...slot, active: true }, parseLsn('0/100'), end))).toBe('SLOT_IN_USE');
  });
});

describe('createSlotSql', () => {
  it.each([
    [130000, true, 'CREATE_REPLICATION_SLOT "s" LOGICAL pgoutput EXPORT_SNAPSHOT'],
    [160000, true, `CREATE_REPLICATION_SLOT "s" LOGICAL pgoutput (SNAPSHOT 'export')`],
    [170000, true, `CREATE_REPLICATION_SLOT "s" LOGICAL pgoutput (SNAPSHOT 'export', FAILOVER true)`],
    [180000, false, `CREATE_REPLICATION_SLOT "s" LOGICAL pgoutput (SNAPSHOT 'export')`],
  ])('speaks the grammar of %s', (version, failover, sql) => {
    expect(createSlotSql('s', version, { temporary: false, failover })).toBe(sql);
  });
});
