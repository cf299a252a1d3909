import { expect, test } from 'vitest';
import { DEST, fromEnv, inFolder, load, MINIMAL, problem, SOURCE } from './support.ts';

test('an unknown variable is an error that suggests the right one', () => {
  expect(problem(() => fromEnv({ CDC_BATCHSIZE: '5' }))).toBe(
    'CDC_BATCHSIZE in the environment is not a setting; did you mean CDC_BATCH_SIZE?',
  );
  expect(problem(() => fromEnv({ CDC_DESTINATION_URL: 'x' }))).toContain('did you mean CDC_DEST_URL?');
  expect(problem(() => fromEnv({ CDC_ZZZ: 'x' }))).toBe('CDC_ZZZ in the environment is not a setting');
});

test('an unknown key in the config file is an error with its line that suggests the right one', () => {
  inFolder({ 'c.yaml': `source:\n  url: ${SOURCE}\n  passwrod: x\nbatch: { row: 1 }\n` }, (folder) => {
    const message = problem(() => load({ folder, config: 'c.yaml' }));
    expect(message).toContain('source.passwrod in c.yaml, line 3 is not a setting; did you mean source.password?');
    expect(message).toContain('batch.row in c.yaml, line 4 is not a setting; did you mean batch.rows?');
  });
});

test('every problem is told at once, with its name and where it came from', () => {
  const message = problem(() =>
    load({
      env: '',
      environment: {
        CDC_BATCH_SIZE: 'abc',
        CDC_SOURCE_PORT: '0',
        CDC_SNAPSHOT: 'maybe',
        CDC_AUTO_CREATE_TABLES: 'perhaps',
      },
    }),
  );
  expect(message).toContain('CDC_BATCH_SIZE in the environment must be a whole number from 1 to 1000000, not "abc"');
  expect(message).toContain('CDC_SOURCE_PORT in the environment must be a whole number from 1 to 65535, not "0"');
  expect(message).toContain('CDC_SNAPSHOT in the environment must be initial, never or only, not "maybe"');
  expect(message).toContain('CDC_AUTO_CREATE_TABLES in the environment must be true or false, not "perhaps"');
  expect(message).toContain('there is no source: set CDC_SOURCE_URL=');
  expect(message).toContain('there is no destination: set CDC_DEST_URL');
});

test('two names of one setting with different values are refused, with equal values accepted', () => {
  const environment = { ...MINIMAL, CDC_DEST_URI: 'mysql://other/x' };
  expect(problem(() => load({ env: '', environment }))).toBe(
    'CDC_DEST_URL in the environment and CDC_DEST_URI in the environment set the same thing to different values; keep one',
  );
  expect(fromEnv({ CDC_DEST_URI: DEST }).destination.type).toBe('mysql');
});

test('a config file that is no YAML, or no mapping, is refused by line', () => {
  inFolder({ 'a.yaml': 'source: [', 'b.yaml': '- 1\n', 'c.yaml': 'source: postgres://x\n' }, (folder) => {
    expect(problem(() => load({ folder, config: 'a.yaml' }))).toMatch(/^a\.yaml is not valid YAML: .*line 1/);
    expect(problem(() => load({ folder, config: 'b.yaml' }))).toContain('b.yaml must be a mapping of settings');
    expect(problem(() => load({ folder, config: 'c.yaml' }))).toContain('source in c.yaml, line 1 must be a mapping');
  });
});

test('a refused secret is not shown', () => {
  const message = problem(() => fromEnv({ CDC_SOURCE_URL: 'postgres://shop:hunter2@/x#y' }));
  expect(message).toContain('CDC_SOURCE_URL in the environment');
  expect(message).not.toContain('hunter2');
});

test('slot and publication names that PostgreSQL would refuse are refused here', () => {
  expect(problem(() => fromEnv({ CDC_REPLICATION_SLOT: 'My-Slot' }))).toContain(
    'lower-case letters, digits and underscores',
  );
  expect(problem(() => fromEnv({ CDC_PUBLICATION: 'x'.repeat(64) }))).toContain('at most 63 characters');
  expect(fromEnv({ CDC_PUBLICATION: 'My, "Pub"' }).publication).toBe('My, "Pub"');
});

test('a setting that is accepted without effect says so', () => {
  const config = fromEnv({ CDC_BINARY_FORMAT: 'true', CDC_STREAMING: 'TRUE' });
  expect(config.notes).toEqual([
    'CDC_BINARY_FORMAT in the environment: values travel as text all the same, which is lossless and not slower',
    'CDC_STREAMING in the environment: streaming of transactions in progress is not there yet; running with it off',
  ]);
  expect(fromEnv({ CDC_STREAMING: 'false' }).notes).toEqual([]);
});
