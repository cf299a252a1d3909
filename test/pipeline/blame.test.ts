import { expect, test } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import type { Relation } from '../../src/model/relation.ts';
import { blaming } from '../../src/pipeline/blame.ts';
import { Counters } from '../../src/status/counters.ts';

const relation = (name: string): Relation => ({ schema: 'public', name }) as Relation;
const T = relation('t');
const U = relation('u');

/** Which tables show an error after this failure. */
async function blamedBy(message: string, relations: readonly Relation[], signal?: AbortSignal): Promise<string[]> {
  const counters = new Counters(0);
  const work = () => Promise.reject(new Pg2anyError('VALUE_UNREPRESENTABLE', message, { hint: 'mend it' }));
  await expect(blaming(counters, relations, work, signal)).rejects.toThrow(message);
  return [...counters.tables.values()].filter(({ lastError }) => lastError?.hint === 'mend it').map(({ name }) => name);
}

test('a failure is shown with the tables that it names', async () => {
  expect(await blamedBy('public.u.price: too large', [T, U])).toEqual(['public.u']);
  expect(await blamedBy('public.tags: too large', [T, U, relation('tags')])).toEqual(['public.tags']);
  expect(await blamedBy('nothing fits public.t', [T, U])).toEqual(['public.t']);
});

test('one that names none is shown with the only table there is, and with none of several', async () => {
  expect(await blamedBy('too large', [T])).toEqual(['public.t']);
  expect(await blamedBy('too large', [T, U])).toEqual([]);
});

test('a destination that is gone is not the fault of the table that was being written', async () => {
  const counters = new Counters(0);
  const lost = new Pg2anyError('DESTINATION_UNREACHABLE', 'Connection lost');
  await expect(blaming(counters, [T], () => Promise.reject(lost))).rejects.toBe(lost);
  expect(counters.table('public.t').lastError).toBeNull();
});

test('being stopped because another table failed is no failure', async () => {
  expect(await blamedBy('too large', [T], AbortSignal.abort())).toEqual([]);
});

test('once it works the error is gone', async () => {
  const counters = new Counters(0);
  const failure = new Pg2anyError('VALUE_UNREPRESENTABLE', 'too large');
  await expect(blaming(counters, [T], () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await blaming(counters, [T], async () => 'done')).toBe('done');
  expect(counters.table('public.t').lastError).toBeNull();
});
