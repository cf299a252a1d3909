import { describe, expect, it } from 'vitest';
import { plainStyle } from '../../../src/tui/theme.ts';
import { stepOf, update } from '../../../src/tui/wizard/reducer.ts';
import { STEPS } from '../../../src/tui/wizard/state.ts';
import { wizardLines } from '../../../src/tui/wizard/view.ts';
import { ANSWERS, DESTINATION, Driver, REPLIES, refused, SOURCE } from './fixture.ts';

/** Every step with what one does there to go on. */
function through(driver: Driver): Driver {
  driver.connected().press('enter', 'enter');
  driver.press('enter', 'enter', 'enter', 'enter', 'enter', 'y');
  return driver;
}

describe('the wizard', () => {
  it('leads through all steps in their order, and asks before it writes', () => {
    const driver = new Driver().connected();
    const seen: string[] = ['source', 'destination', driver.state.step];
    driver.press('enter');
    seen.push(driver.state.step);
    driver.press('enter');
    seen.push(driver.state.step);
    driver.press('enter', 'enter');
    seen.push(driver.state.step);
    driver.press('enter');
    seen.push(driver.state.step);
    driver.press('enter');
    seen.push(driver.state.step);
    driver.press('enter', 'enter', 'enter');
    expect([driver.state.confirming, driver.asked.includes('written')]).toEqual(['write', false]);
    driver.press('y');
    seen.push(driver.state.step);
    expect(seen).toEqual(STEPS);
    driver.press('y');
    expect(driver.outcome).toEqual({ end: 'written', run: true });
  });

  it('goes back with esc through every step, keeps all answers, and asks nothing that changes a server', () => {
    const driver = through(new Driver());
    expect(driver.state.step).toBe('run');
    const before = new Driver().connected();
    before.press('enter', 'enter', 'enter', 'enter', 'enter', 'enter');
    const { answers } = before.state;
    const back: string[] = [];
    while (before.state.step !== 'source') {
      back.push(before.state.step);
      before.press('esc');
    }
    expect(back).toEqual(['review', 'options', 'mapping', 'preflight', 'names', 'tables', 'destination']);
    expect(before.state.answers).toEqual(answers);
    expect(before.press('esc').state.notice).toContain('first step');
    expect(before.asked).not.toContain('fix');
    expect(before.asked).not.toContain('written');
  });

  it('does not ask again what was answered about the same, and asks anew about something else', () => {
    const driver = new Driver().connected().press('esc', 'esc');
    const asked = driver.asked.length;
    driver.press('enter', 'enter');
    expect([driver.state.step, driver.asked.length]).toEqual(['tables', asked]);
    driver.press('esc', 'esc').paste('2').press('enter');
    expect(driver.asked.slice(asked)).toEqual(['source']);
  });

  it('stays where a connection fails, with what happened and what to do', () => {
    const driver = new Driver({}, { source: refused('SOURCE_UNREACHABLE', 'nobody there') })
      .paste(SOURCE)
      .press('enter');
    expect(driver.state.step).toBe('source');
    expect(driver.state.asked.source).toMatchObject({
      is: 'failed',
      failure: { message: 'nobody there', hint: 'do this' },
    });
    expect(driver.paste('x').state.asked.source).toBeUndefined();
  });

  it('asks for the password in a field of its own when it was refused, and puts it into the URL', () => {
    const driver = new Driver({}, { source: refused('SOURCE_AUTH') }).paste('postgres://shop@db/shop').press('enter');
    expect(driver.state.focus).toBe('sourcePassword');
    driver.paste('p@ss\n').press('enter');
    expect(driver.state.answers.source).toBe('postgres://shop:p%40ss@db/shop');
    driver.press('tab').paste('2').press('tab', 'ctrl-u').paste('new').press('enter');
    expect(driver.state.answers.source).toBe('postgres://shop:new@db/shop2');
  });

  it('does not take the reply to a question that was asked again since', () => {
    const driver = new Driver({}, { source: undefined }).paste(SOURCE).press('enter');
    const first = driver.state.asked.source?.id ?? 0;
    driver.paste('2').press('enter');
    const late = { type: 'reply', question: 'source', id: first, value: REPLIES.source } as const;
    expect(update(driver.state, late)).toEqual({ state: driver.state, effects: [] });
    expect(update(driver.state, { ...late, id: first + 1 }).state.step).toBe('destination');
  });

  it('says what is wrong with a URL before it connects', () => {
    expect(new Driver().press('enter').state.notice).toContain('URL is needed');
    expect(new Driver().paste('mysql://a@b/c').press('enter').state.notice).toContain('begins with postgres://');
    const driver = new Driver().paste('postgres://a:50%@b/c').press('enter');
    expect([driver.asked, driver.state.step]).toEqual([[], 'source']);
  });

  it('offers the kinds of destination by arrow, as the beginning of a URL', () => {
    const driver = new Driver().paste(SOURCE).press('enter', 'down');
    const texts = [driver.state.fields.destination.text];
    for (let i = 0; i < 5; i++) texts.push(driver.press('down').state.fields.destination.text);
    expect(texts).toEqual(['mysql://', 'mariadb://', 'sqlserver://', 'sqlite:./', 'kafka://', 'mysql://']);
    expect(driver.press('up').state.fields.destination.text).toBe('kafka://');
  });
});

describe('answers of another time', () => {
  const draft = { answers: { ...ANSWERS, source: 'postgres://shop@db/other' }, step: 'tables' };

  it('are offered where one edits a configuration, and can be left', () => {
    const edited = () => new Driver({ configured: true, existing: ANSWERS, draft }).press('e');
    expect(edited().state.step).toBe('draft');
    expect(edited().press('enter').state.fields.source.text).toBe('postgres://shop@db/other');
    expect(edited().press('n').state).toMatchObject({ step: 'source', answers: { source: SOURCE }, draft: null });
  });

  it('are not in the way of what else the menu has, nor missed where there are none', () => {
    const driver = new Driver({ configured: true, existing: ANSWERS, draft });
    expect(driver.press('s').outcome).toEqual({ end: 'chosen', choice: 'start' });
    const without = new Driver({ configured: true, existing: ANSWERS }).press('e');
    expect(without.state).toMatchObject({ step: 'source', answers: { source: SOURCE } });
  });
});

describe('tables', () => {
  it('are all chosen at first; left out ones make a list, and none is not enough', () => {
    const driver = new Driver().connected();
    driver.press('down', 'space', 'enter');
    expect(driver.state.answers.tables).toEqual(['public.orders', 'public.audit_log']);
    driver.press('esc', 'a', 'enter');
    expect(driver.state.answers.tables).toBeNull();
    driver.press('esc', 'a', 'enter');
    expect([driver.state.step, driver.state.notice]).toEqual(['tables', expect.stringContaining('at least one')]);
  });

  it('are filtered as one types, and toggled among what is shown', () => {
    const driver = new Driver().connected().press('/', 'a', 'u', 'd', 'enter', 'a', 'enter');
    expect(driver.state.answers.tables).toEqual(['public.orders', 'public.customers']);
  });
});

describe('names', () => {
  const named = (publication: string, slot: string) =>
    new Driver()
      .connected()
      .press('enter', 'ctrl-u')
      .paste(publication)
      .press('tab', 'ctrl-u')
      .paste(slot)
      .press('enter');

  it('are checked: wrong ones and slots in use keep the step open', () => {
    expect(named('p', 'Bad-Slot').state.notice).toContain('lower-case');
    expect(named('p', 'busy').state.notice).toContain('in use');
    expect(named('', 's').state).toMatchObject({ step: 'names', focus: 'publication' });
    expect(named('taken', 'free').state).toMatchObject({
      step: 'preflight',
      answers: { publication: 'taken', slot: 'free' },
    });
  });
});

describe('preflight', () => {
  const there = (replies = {}) => new Driver({}, replies).connected().press('enter', 'enter');

  it('shows a fix once more and runs it only for y', () => {
    const driver = there().press('f');
    expect([driver.state.confirming, driver.asked.includes('fix')]).toEqual(['fix', false]);
    driver.press('enter').press('n');
    expect([driver.asked.includes('fix'), driver.state.notice]).toEqual([false, 'Nothing was run.']);
    driver.press('f', 'y');
    expect(driver.asked.slice(-2)).toEqual(['fix', 'preflight']);
    expect(driver.state.touched).toBe(true);
  });

  it('says on which side a fix runs, and sends it there', () => {
    const fix = { side: 'destination', sql: ['SET GLOBAL local_infile = ON'], text: 'and in the configuration' };
    const finding = { check: 'local_infile', severity: 'warn', message: 'local_infile is off', fix };
    const driver = there({ preflight: [finding] }).press('f');
    expect(wizardLines(driver.state, plainStyle).join('\n')).toMatch(
      /Run this at the destination now\?[\s\S]*SET GLOBAL local_infile = ON/,
    );
    driver.press('y');
    expect(driver.given.get('fix')).toBe(JSON.stringify({ side: fix.side, sql: fix.sql }));
  });

  it('offers no key for a fix without a statement', () => {
    const fix = { side: 'destination', sql: [], text: 'ask somebody' };
    const finding = { check: 'other', severity: 'warn', message: 'not fine', fix };
    expect(there({ preflight: [finding] }).press('f').state.confirming).toBe(null);
  });

  it('tells why a fix failed, and has not changed anything then', () => {
    const driver = there({ fix: refused('SOURCE_RIGHTS', 'must be owner') }).press('f', 'y');
    expect(driver.state.asked.fix).toMatchObject({ is: 'failed', failure: { message: 'must be owner' } });
    expect(driver.state.touched).toBe(false);
  });

  it('leaves a table out and checks again', () => {
    const driver = there().press('x');
    expect(driver.state.answers.tables).toEqual(['public.orders', 'public.customers']);
    expect(driver.asked.filter((question) => question === 'preflight')).toHaveLength(2);
  });

  it('lets one go on with a problem only by a second Enter', () => {
    const driver = there().press('enter');
    expect([driver.state.step, driver.state.notice]).toEqual(['preflight', expect.stringContaining('will not start')]);
    expect(driver.press('enter').state.step).toBe('mapping');
  });
});

describe('leaving and coming back', () => {
  it('ctrl-c leaves from every step and keeps the answers', () => {
    const driver = new Driver().connected();
    const kept = driver.kept;
    driver.press('ctrl-c');
    expect([driver.outcome, driver.kept]).toEqual([{ end: 'left' }, kept + 1]);
  });

  it('offers a draft, and forgets it on request', () => {
    const draft = {
      answers: { ...ANSWERS, source: 'postgres://shop@db/shop', tables: ['public.orders'] },
      step: 'tables',
    };
    expect(new Driver({ draft }).press('n').state.fields.source.text).toBe('');
    const driver = new Driver({ draft }).press('enter');
    expect(driver.state.fields.source.text).toBe('postgres://shop@db/shop');
    driver.press('enter', 'enter');
    expect([...(driver.state.chosen ?? [])]).toEqual(['public.orders']);
  });

  it('opens as a menu where there is a configuration', () => {
    const choice = (key: string) => new Driver({ configured: true, existing: ANSWERS }).press(key).outcome;
    expect(choice('enter')).toEqual({ end: 'chosen', choice: 'start' });
    expect(choice('t')).toEqual({ end: 'chosen', choice: 'teardown' });
    const editing = new Driver({ configured: true, existing: ANSWERS }).press('e');
    expect([editing.state.step, editing.state.fields.destination.text]).toEqual(['source', DESTINATION]);
    expect(new Driver({ configured: true }).press('e').state.notice).toContain('cannot be read');
  });
});

describe('keys', () => {
  it('mean one thing in each step, and every step can be left by what its footer shows', () => {
    for (const step of STEPS) {
      const driver = new Driver();
      driver.state = {
        ...driver.state,
        step,
        asked: { preflight: { is: 'known', id: 1, about: '', value: REPLIES.preflight } },
      };
      const keys = stepOf(driver.state)
        .keys(driver.state)
        .flatMap((binding) => binding.keys);
      expect(new Set(keys).size, step).toBe(keys.length);
      expect(keys).toContain('enter');
    }
  });
});
