import { expect, test } from 'vitest';
import { shownSettings } from '../../src/cli/shown-settings.ts';
import { defineConfig } from '../../src/config/define.ts';
import { loadConfig } from '../../src/config/load.ts';
import { redactor } from '../../src/config/redact.ts';
import type { ConfigInput } from '../../src/config/settings.ts';
import { problem } from './support.ts';

const source = { url: 'postgres://u@h/shop' };
const destination = { url: 'kafka://k' };

const kafka = (settings: ConfigInput['kafka']) =>
  defineConfig({ source, destination, kafka: settings ?? {} }).destination.kafka;

test('events are JSON and need no registry, unless one asks for more', () => {
  expect(kafka({})).toMatchObject({ encoding: 'json', registry: null });
  expect(kafka({ encoding: 'avro', registry: { url: 'http://r:8081' } })?.registry).toEqual({
    ...{ urls: [new URL('http://r:8081')], user: null, password: null, token: null, sslCa: null },
    ...{ autoRegister: true, subject: 'topic' },
  });
});

test('the login stands in pieces, or in the URL, which then loses it', () => {
  const url = 'https://key:p%40ss@r1:8081/base,https://r2:8081';
  const { registry } = kafka({ encoding: 'json-schema', registry: { url } }) ?? {};
  expect(registry?.urls.map(String)).toEqual(['https://r1:8081/base', 'https://r2:8081/']);
  expect(registry).toMatchObject({ user: 'key', password: 'p@ss' });
  const pieces = { url: ['https://r1'], user: 'other', password: 'ü' };
  expect(kafka({ encoding: 'avro', registry: pieces })?.registry).toMatchObject({ user: 'other', password: 'ü' });
});

test('variables and files set it', () => {
  const environment = {
    CDC_SOURCE_URL: source.url,
    CDC_DEST_URL: destination.url,
    CDC_KAFKA_ENCODING: 'avro',
    CDC_KAFKA_REGISTRY_URL: 'http://r1:8081, http://r2:8081',
    CDC_KAFKA_REGISTRY_TOKEN: 'a-token',
    CDC_KAFKA_REGISTRY_AUTO_REGISTER: 'false',
    CDC_KAFKA_REGISTRY_SUBJECT: 'topic-record',
  };
  const { config } = loadConfig({ env: '', environment, folder: '/nonexistent' }, 'both');
  expect(config.destination?.kafka?.registry).toMatchObject({
    ...{ urls: [{ host: 'r1:8081' }, { host: 'r2:8081' }], token: 'a-token' },
    ...{ autoRegister: false, subject: 'topic-record' },
  });
});

test('what does not go together is refused', () => {
  expect(problem(() => kafka({ encoding: 'avro' }))).toContain('set CDC_KAFKA_REGISTRY_URL');
  expect(problem(() => kafka({ registry: { url: 'http://r' } }))).toContain('is not used while kafka.encoding is json');
  const registry = { url: 'http://r' };
  const twice = () => kafka({ encoding: 'avro', format: 'debezium-schema', registry });
  expect(problem(twice)).toContain('choose debezium');
  const both = () => kafka({ encoding: 'avro', registry: { ...registry, user: 'u', token: 't' } });
  expect(problem(both)).toContain('keep one of them');
  const wrong = () => kafka({ encoding: 'avro', registry: { url: 'ftp://u:hidden-word@r' } });
  expect(problem(wrong)).toContain('must be URLs such as');
  expect(problem(wrong)).not.toContain('hidden-word');
});

test('its secrets are hidden in everything that is shown', async () => {
  const registry = { url: 'https://key:pw-in-url@r', token: undefined };
  const mirrored = (more: NonNullable<ConfigInput['kafka']>) =>
    defineConfig({ source, destination: { url: 'mysql://h/d' }, kafka: { url: 'kafka://k', ...more } });
  const inUrl = mirrored({ encoding: 'avro', registry: { url: registry.url } });
  expect(redactor(inUrl)('it is pw-in-url')).toBe('it is ***');
  const token = defineConfig({
    ...{ source, destination },
    kafka: { encoding: 'avro', registry: { url: 'http://r', token: 'tok-en' } },
  });
  expect(redactor(token)('it is tok-en')).toBe('it is ***');
  const shown = shownSettings(token, new Map());
  expect(shown.filter(({ name }) => name.startsWith('kafka.registry'))).toMatchObject([
    { name: 'kafka.registry.url', value: ['http://r/'] },
    ...['user', 'password'].map((name) => ({ name: `kafka.registry.${name}`, value: null })),
    { name: 'kafka.registry.token', value: '***' },
    { name: 'kafka.registry.sslCa', value: null },
    { name: 'kafka.registry.autoRegister', value: true },
    { name: 'kafka.registry.subject', value: 'topic' },
  ]);
});
