import { expect, it } from 'vitest';
import { ValueProblem } from '../../src/destination/problem.ts';
import { unrepresentable } from '../../src/destination/refusal.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import type { ProblemClass } from '../../src/model/mapping.ts';
import { relation } from '../support/relations.ts';

const table = relation('orders', ['id int8', 'total numeric', 'at date', 'code text'], ['id', 'code']);

function refused(column: number, problem: ProblemClass): Pg2anyError {
  const target = { relation: table, codecs: [] };
  const error = unrepresentable(target, column, ['5', 'x'], new ValueProblem(problem, 'is what it is'));
  if (error instanceof Pg2anyError) return error;
  throw error;
}

it('names table, key, column and class', () => {
  expect(refused(2, 'INFINITE_DATETIME').message).toBe(
    "public.orders (id = '5', code = 'x'): the value of at (date) is what it is [INFINITE_DATETIME]",
  );
});

it.each([
  [2, 'INFINITE_DATETIME', 'columns: { "public.orders.at": { policy: { INFINITE_DATETIME: clamp } } }'],
  [1, 'NUMERIC_NAN', 'columns: { "public.orders.total": { policy: { NUMERIC_NAN: null } } }'],
  [1, 'NUMERIC_SCALE', 'columns: { "public.orders.total": { numericUnbounded: text } }'],
  [3, 'TEXT_KEY_TOO_LONG', 'columns: { "public.orders.code": { keysText: hash } }'],
  [2, 'PACKET_TOO_LARGE', 'max_allowed_packet'],
] as const)('gives the line that lets a value of column %i and class %s pass', (column, problem, line) => {
  expect(refused(column, problem).hint).toContain(line);
});
