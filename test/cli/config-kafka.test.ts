import { expect, it } from 'vitest';
import { shownSettings } from '../../src/cli/shown-settings.ts';
import { defineConfig } from '../../src/config/define.ts';
import { KEYS } from '../../src/config/settings.ts';

it('shows every setting of Kafka as one would write it, wherever it went', async () => {
  const registry = { url: 'http://r:8081' };
  const config = defineConfig({
    source: { url: 'postgres://u@h/shop' },
    destination: { url: 'kafka://k1/p' },
    kafka: { batchSize: '64KB', transactionTimeout: '90s', encoding: 'avro', registry },
  });
  const shown = new Map(shownSettings(config, new Map()).map(({ name, value }) => [name, value]));
  // of a mirror only, which has a URL of its own
  const missing = KEYS.filter((key) => key.startsWith('kafka.') && key !== 'kafka.password' && !shown.has(key));
  expect(missing).toEqual([]);
  expect(shown.get('kafka.batchSize')).toBe(65_536);
  expect(shown.get('kafka.transactionTimeout')).toBe('90s');
});
