import { expect, it } from 'vitest';
import { findCycle, functionsOf, median, type SourceFile } from './source-files.ts';

const file = (path: string, text: string, imports: string[] = []): SourceFile => ({
  path,
  lines: text.split('\n'),
  imports,
  packages: [],
});

it('measures functions, methods and arrows from the first line of the signature to the closing brace', () => {
  const text = [
    'export function short(): void {',
    '  if (true) {',
    '  }',
    '}',
    'export async function long(',
    '  a: number,',
    '): Promise<void> {',
    '  return;',
    '}',
    'const arrow = () => {',
    '};',
  ].join('\n');
  expect(functionsOf(file('a.ts', text))).toEqual([
    { at: 'a.ts:1', lines: 4 },
    { at: 'a.ts:5', lines: 5 },
    { at: 'a.ts:10', lines: 2 },
  ]);
});

it('finds a circle of imports, and none where there is none', () => {
  const a = file('a.ts', '', ['b.ts']);
  expect(findCycle([a, file('b.ts', '', ['c.ts']), file('c.ts', '', ['b.ts'])])).toEqual(['b.ts', 'c.ts', 'b.ts']);
  expect(findCycle([a, file('b.ts', '')])).toBeNull();
});

it('gives the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
});
