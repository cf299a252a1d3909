import { expect, it } from 'vitest';
import { type DemoIo, type DemoStyle, Narrator } from '../../src/demo/narrator.ts';
import { lastLine, tellNext, tellTables } from '../../src/demo/summary.ts';

const same = (text: string): string => text;
const PLAIN: DemoStyle = {
  ok: same,
  error: same,
  dim: same,
  bold: same,
  symbols: { ok: '✔', error: '✘', bullet: '·', arrow: '→', dot: '…' },
};

function listen(style: DemoStyle = PLAIN): { lines: string[]; narrator: Narrator } {
  const lines: string[] = [];
  const io: DemoIo = { write: (line) => lines.push(line), style, signal: new AbortController().signal };
  return { lines, narrator: new Narrator(io) };
}

const VERDICT = {
  rows: 1234,
  differences: 1,
  tables: [
    { table: 'public.product_documents', rows: 1230, differences: 0 },
    { table: 'public.orders', rows: 4, differences: 1 },
  ],
};

it('ends each step with its time in the eightieth column', () => {
  const { lines, narrator } = listen();
  narrator.step('ok', 'a step');
  narrator.step('error', 'another one that went wrong');
  expect(lines[0]).toMatch(/^ {2}✔ a step {10,}\d+\.\d s$/);
  expect(lines.map((line) => line.length)).toEqual([80, 80]);
});

it('never tells a state by colour alone', () => {
  const { lines, narrator } = listen({ ...PLAIN, error: (text) => `<${text}>` });
  narrator.moment('error', 5, 'killed');
  expect(lines).toEqual(['      5 s  <✘> killed']);
});

it('breaks a long note between words', () => {
  const { lines, narrator } = listen();
  narrator.note(`${'word '.repeat(30)}end`);
  expect(lines.length).toBeGreaterThan(1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.map((line) => line.trim()).join(' ')).toBe(`${'word '.repeat(30)}end`);
});

it('says the result in one stable line', () => {
  expect(lastLine(VERDICT)).toBe('verify: 2 tables, 1234 rows, 1 differences');
});

it('sums up within 80 columns and suggests three commands', () => {
  const { lines, narrator } = listen();
  tellTables(narrator, VERDICT);
  tellNext(narrator, { url: 'sqlite:///x', name: 'SQLite', file: './demo/shop.sqlite' }, 'node bin/pg2any.js');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.filter((line) => /^ {4}(sqlite3|CDC_SOURCE_URL)/.test(line))).toHaveLength(3);
});
