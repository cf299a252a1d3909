import { expect, test } from 'vitest';
import { DEST, inFolder, load, MINIMAL, problem, SOURCE } from './support.ts';

const yaml = `
source:
  url: ${SOURCE}
destination:
  url: ${DEST}
slot: from_yaml
batch:
  rows: 1
`;

test('a flag beats the environment, which beats the env file, which beats pg2any.yaml, which beats the default', () => {
  inFolder({ 'pg2any.yaml': yaml, '.env': 'CDC_REPLICATION_SLOT=from_env_file\nCDC_BATCH_SIZE=2\n' }, (folder) => {
    const seen = (request: object) => load({ folder, ...request }).config;
    expect(seen({}).slot).toBe('from_env_file');
    expect(seen({ environment: { CDC_REPLICATION_SLOT: 'from_environment' } }).slot).toBe('from_environment');
    const flags = { slot: 'from_flag' };
    expect(seen({ flags, environment: { CDC_REPLICATION_SLOT: 'from_environment' } }).slot).toBe('from_flag');
    expect(seen({}).batch.rows).toBe(2);
    expect(seen({ config: 'pg2any.yaml', env: '' }).batch.rows).toBe(1);
    expect(seen({}).batch.bytes).toBe(8 * 1024 * 1024);
  });
});

test('each value knows where it came from', () => {
  inFolder({ 'pg2any.yaml': yaml, '.env': 'CDC_BATCH_SIZE=2\n' }, (folder) => {
    const { origins } = load({ folder, environment: { CDC_TABLES: 'a' }, flags: { snapshot: 'never' } });
    expect(origins.get('slot')?.text).toBe('slot in pg2any.yaml, line 6');
    expect(origins.get('batch.rows')?.text).toBe('CDC_BATCH_SIZE in .env');
    expect(origins.get('tables')?.text).toBe('CDC_TABLES in the environment');
    expect(origins.get('snapshot')?.text).toBe('--snapshot');
    expect(origins.get('failover')?.text).toBe('default');
  });
});

test('--env alone reads no file', () => {
  inFolder({ 'pg2any.yaml': yaml, '.env': 'CDC_BATCH_SIZE=2\n' }, (folder) => {
    const { config } = load({ folder, env: '', environment: MINIMAL });
    expect(config.slot).toBe('pg2any_shop');
    expect(config.batch.rows).toBe(10_000);
  });
});

test('--env FILE reads that file, and the real environment wins', () => {
  inFolder({ 'my.env': `CDC_SOURCE_URL=${SOURCE}\nCDC_DEST_URL=${DEST}\nCDC_BATCH_SIZE=2\nOTHER=x\n` }, (folder) => {
    expect(load({ folder, env: 'my.env' }).config.batch.rows).toBe(2);
    expect(load({ folder, env: 'my.env', environment: { CDC_BATCH_SIZE: '3' } }).config.batch.rows).toBe(3);
  });
});

test('a file that was named and is not there is a configuration error', () => {
  expect(problem(() => load({ config: 'nope.yaml' }))).toBe(
    'cannot read the config file nope.yaml: there is no such file',
  );
  expect(problem(() => load({ env: 'nope.env' }))).toBe('cannot read the env file nope.env: there is no such file');
});

test('empty variables count as not set', () => {
  const { config } = load({ env: '', environment: { ...MINIMAL, CDC_BATCH_SIZE: '', CDC_SOURCE_PASSWORD: '' } });
  expect(config.batch.rows).toBe(10_000);
  expect(config.source.password).toBe('pw-source');
});
