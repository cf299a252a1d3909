import { describe, expect, it } from 'vitest';
import { plainStyle, styleFor } from '../../../src/tui/theme.ts';
import { width } from '../../../src/tui/width.ts';
import { runWizard } from '../../../src/tui/wizard/index.ts';
import type { Ports } from '../../../src/tui/wizard/ports.ts';
import { STEPS } from '../../../src/tui/wizard/state.ts';
import { wizardLines } from '../../../src/tui/wizard/view.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';
import { ANSWERS, asking, DESTINATION, Driver, SOURCE } from './fixture.ts';

const ports = (ask = asking()): Ports => ({ ask, keep: () => undefined, hide: (_, text) => text });

const started = (terminal: FakeTerminal, more: Partial<Parameters<typeof runWizard>[0]> = {}) =>
  runWizard({ terminal: terminal.terminal, ports: ports(), draft: null, existing: null, configured: false, ...more });

/** Presses what goes on from each step once it is there. */
async function walk(terminal: FakeTerminal): Promise<void> {
  await terminal.until('enter connect');
  terminal.press(SOURCE);
  await terminal.until('@db:5432/shop');
  terminal.press('enter');
  await terminal.until('◆  Destination');
  terminal.press(DESTINATION);
  await terminal.until('@replica:3306/shop');
  for (const step of ['Tables', 'Names', 'Preflight']) {
    terminal.press('enter');
    await terminal.until(`◆  ${step}`);
  }
  terminal.press('enter');
  await terminal.until('will not start');
  for (const step of ['Mapping', 'Options', 'Review']) {
    terminal.press('enter');
    await terminal.until(`◆  ${step}`);
  }
}

describe('the wizard on a screen', () => {
  it.each([
    [60, 20],
    [80, 24],
    [120, 40],
  ])('is whole at %i by %i, from the first URL to the last question', async (columns, rows) => {
    const terminal = new FakeTerminal(columns, rows);
    const ended = started(terminal);
    await walk(terminal);
    terminal.press('enter');
    await terminal.until('y write');
    terminal.press('y');
    await terminal.until('◆  Start now?');
    const lines = terminal.text.split('\n');
    expect(lines.length).toBeLessThan(rows);
    expect(lines[0]).toMatch(/^┌ {2}pg2any/);
    expect(lines.at(-1)).toMatch(/^└ {2}y start/);
    expect(terminal.text).not.toMatch(/s3cret|0ther/);
    terminal.press('n');
    expect(await ended).toEqual({ end: 'written', run: false });
    expect(terminal.rawMode).toBe(false);
  });

  it('every step fits where there is little room, and no line is too long', () => {
    for (const [columns, rows] of [
      [60, 20],
      [80, 24],
      [200, 60],
    ] as const) {
      const driver = new Driver({ size: { columns, rows } }).connected();
      driver.press('enter', 'enter', 'enter', 'enter', 'enter', 'enter');
      for (const step of STEPS) {
        const lines = wizardLines({ ...driver.state, step }, plainStyle);
        expect(lines.length, `${step} at ${columns}x${rows}`).toBeLessThan(rows);
        const long = lines.slice(0, -1).filter((line) => width(line) > columns);
        expect(long, `${step} at ${columns}`).toEqual([]);
      }
    }
  });

  it('shows each option where there is little room, and what the one that has the keys does', () => {
    const answers = { mirror: 'kafka://k1:9092/shop', kafkaRegistry: 'http://registry:8081' };
    const { state } = new Driver({ size: { columns: 60, rows: 20 } }).connected();
    for (const at of [0, 1, 2, 3, 4]) {
      const options = { ...state, step: 'options' as const, at, answers: { ...state.answers, ...answers } };
      const text = wizardLines(options, plainStyle).join('\n');
      expect(text.match(/[◼◻] \w/g)?.length).toBe(14);
      const [, said = ''] = /❯[^\n]*\n│\s+(\S.*)/.exec(text) ?? [];
      expect(said).toMatch(/copies|destination|value|envelope|Avro/);
    }
  });

  it('shows what was answered, however much there is to say about it', () => {
    const product = { product: `MySQL 8.4.3 and ${'more '.repeat(20)}`, roundTripMs: 1 };
    const { state } = new Driver({ size: { columns: 100, rows: 30 } }, { destination: product }).connected();
    expect(wizardLines(state, plainStyle).join('\n')).toContain('mysql://replica@replica:3306/shop');
  });

  it('shows sample rows as they would be stored, or as the events they become', () => {
    const shown = (reply?: unknown): string => {
      const driver = new Driver({}, reply === undefined ? {} : { sample: reply }).connected();
      while (driver.state.step !== 'mapping') driver.press('enter');
      return wizardLines(driver.press('s').state, plainStyle).join('\n');
    };
    expect(shown()).toMatch(/public\.orders as it would be stored\n.* id +1 +2\n.* doc +\{\} +NULL/);
    const events = { table: 'public.orders', kind: 'topic', columns: ['topic', 'id'], rows: [['shop.orders', '1']] };
    expect(shown(events)).toMatch(/public\.orders as events\n.* topic +shop\.orders\n.* id +1/);
  });

  it('says the same in plain letters', () => {
    const style = styleFor({ LANG: 'C', NO_COLOR: '1' }, true);
    const driver = new Driver().connected();
    expect(wizardLines(driver.state, style).join('\n')).toMatch(/> x public\.orders/);
    driver.press('enter', 'enter', 'enter', 'enter', 'enter', 'enter');
    for (const step of STEPS) {
      const shown = wizardLines({ ...driver.state, step, notice: 'the one at ❯, every ✘' }, style);
      expect(shown.join('\n'), step).toMatch(/^[\x20-\x7e\n]*$/);
    }
  });

  it('finds a table among five hundred while one types', async () => {
    const tables = Array.from({ length: 500 }, (_, n) => ({
      ...{ name: `public.t${n}`, estimatedRows: n, bytes: n, key: ['id'], problem: null },
    }));
    const terminal = new FakeTerminal(100, 30);
    const ended = started(terminal, { ports: ports(asking({ tables })) });
    await terminal.until('enter connect');
    terminal.press(SOURCE);
    await terminal.until('@db:5432/shop');
    terminal.press('enter');
    await terminal.until('◆  Destination');
    terminal.press(DESTINATION);
    await terminal.until('@replica:3306/shop');
    terminal.press('enter');
    await terminal.until('500 of 500 selected');
    terminal.press('/', '4', '2', '0');
    await terminal.until((text) => text.includes('/420') && text.match(/public\.t\d/g)?.length === 1);
    terminal.press('enter', 'space');
    await terminal.until('499 of 500 selected');
    terminal.press('ctrl-c');
    expect(await ended).toEqual({ end: 'left' });
  });

  it('is drawn anew, whole, when the terminal changes its size', async () => {
    const terminal = new FakeTerminal(100, 30);
    const ended = started(terminal, { configured: true, existing: ANSWERS });
    await terminal.until('tear down');
    terminal.resize(60, 20);
    await terminal.until((text) => text.split('\n').every((line) => width(line) <= 60));
    expect(terminal.text.match(/^┌/gm)).toHaveLength(1);
    terminal.press('?');
    await terminal.until('Leave; your answers are kept');
    terminal.press('esc');
    await terminal.gone('Leave; your answers');
    terminal.press('s');
    expect(await ended).toEqual({ end: 'chosen', choice: 'start' });
  });

  it('shows what failed, without the password that the server repeated', async () => {
    const failure = Object.assign(new Error('no entry for s3cret'), { code: 'SOURCE_UNREACHABLE', hint: 'look at it' });
    const hide = (_: unknown, text: string): string => text.replaceAll('s3cret', '***');
    const terminal = new FakeTerminal(80, 24);
    const ended = started(terminal, { ports: { ...ports(asking({ source: failure })), hide } });
    await terminal.until('enter connect');
    terminal.press(SOURCE);
    await terminal.until('@db:5432/shop');
    terminal.press('enter');
    const text = await terminal.until('✘ no entry for ***');
    expect(text).toContain('look at it');
    terminal.press('ctrl-c');
    await ended;
  });
});
