import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/tui/theme.ts';
import { stepOf, update } from '../../../src/tui/wizard/reducer.ts';
import { wizardLines } from '../../../src/tui/wizard/view.ts';
import { DESTINATION, Driver, refused, SOURCE } from './fixture.ts';

describe('Kafka', () => {
  const MIRROR = 'kafka://me:pw-mirror@k1:9092/shop';
  const atDestination = (replies = {}) => new Driver({}, replies).paste(SOURCE).press('enter').paste(DESTINATION);

  it('beside a database is asked for in the same step, and both are tried at once', () => {
    const driver = atDestination().press('tab').paste(MIRROR).press('enter');
    expect(driver.state).toMatchObject({ step: 'tables', answers: { destination: DESTINATION, mirror: MIRROR } });
    expect(driver.asked.slice(1, 3)).toEqual(['destination', 'mirror']);
    expect(stepOf({ ...driver.state, step: 'destination' }).answer(driver.state)).toEqual([
      'mysql://replica@replica:3306/shop and kafka://me@k1:9092/shop',
      'MySQL 8.4.3 and Kafka (3 brokers) · 4 ms',
    ]);
  });

  it('is tried anew when it is spoken to another way, and the database is not forgotten', () => {
    const driver = atDestination({ mirror: refused('DESTINATION_UNREACHABLE', 'mirror: closed') })
      .press('tab')
      .paste('kafka://k1')
      .press('enter');
    expect([driver.state.step, driver.state.focus]).toEqual(['destination', 'mirror']);
    const screen = wizardLines(driver.state, styleFor({}, true)).join('\n');
    expect(screen).toContain('mirror: closed');
    expect(driver.press('ctrl-s', 'enter').state.answers.kafkaSecurity).toBe('ssl');
    expect(driver.asked.slice(1)).toEqual(['destination', 'mirror', 'destination', 'mirror']);
    expect(driver.press('ctrl-u', 'enter').state).toMatchObject({ step: 'tables', answers: { mirror: '' } });
  });

  it('alone has no other beside it, and its events are an option', () => {
    const driver = new Driver().paste(SOURCE).press('enter').paste('kafka://k1/shop');
    expect(wizardLines(driver.state, styleFor({}, true)).join('\n')).not.toContain('Kafka too');
    const options = { ...driver.press('enter').state, step: 'options' as const, at: 3 };
    expect(wizardLines(options, styleFor({}, true)).join('\n')).toContain('Events');
    const turned = update(options, { type: 'key', name: 'right', text: '' }).state;
    expect([turned.answers.kafkaFormat, turned.answers.mirror]).toEqual(['debezium-schema', '']);
  });

  it('can have a schema registry, which makes its events Avro without a schema in each', () => {
    const driver = atDestination().press('tab').paste(MIRROR).press('tab').paste('registry:8081').press('enter');
    expect([driver.state.step, driver.state.notice]).toEqual(['destination', expect.stringContaining('registry:8081')]);
    driver.press('ctrl-u').paste('http://me:s3cret@registry:8081').press('enter');
    expect(driver.state).toMatchObject({
      step: 'tables',
      answers: { kafkaRegistry: 'http://me:s3cret@registry:8081' },
    });
    const answers = { ...driver.state.answers, kafkaFormat: 'debezium-schema' } as const;
    const back = { ...driver.state, step: 'destination' as const, answers, asked: {} };
    const again = update(back, { type: 'key', name: 'enter', text: '' });
    expect(again.state.answers.kafkaFormat).toBe('debezium');
    expect(wizardLines(again.state, styleFor({}, true)).join('\n')).not.toContain('s3cret');
    const options = { ...again.state, step: 'options' as const, at: 4 };
    const turned = update(options, { type: 'key', name: 'right', text: '' }).state;
    expect(stepOf(turned).answer(turned)[0]).toContain('events debezium as json-schema');
    expect(wizardLines(turned, styleFor({}, true)).join('\n')).not.toContain('debezium-schema');
  });

  it('is asked again, with its database, when its registry is another one', () => {
    const driver = atDestination({ mirror: refused('DESTINATION_UNREACHABLE', 'registry: closed') })
      .press('tab')
      .paste(MIRROR)
      .press('tab')
      .paste('http://registry:1')
      .press('enter');
    expect(driver.state.step).toBe('destination');
    driver.press('2', 'enter');
    expect(driver.asked.slice(1)).toEqual(['destination', 'mirror', 'destination', 'mirror']);
  });

  it('is nothing but Kafka', () => {
    const driver = atDestination().press('tab').paste('mysql://a@b/c').press('enter');
    expect([driver.state.step, driver.state.notice]).toEqual(['destination', expect.stringContaining('kafka://host')]);
  });
});
