import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pg2any } from '../support/program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pg2any-init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const init = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  pg2any(['init', ...words], { cwd: folder, env });
const URLS = ['--source', 'postgres://shop:geheim1@db/shop', '--dest', 'mysql://replica:geheim2@there/copy'];
const file = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('writes files that pg2any config show reads, with passwords in .env alone, for the owner alone', async () => {
  const { code, stdout } = await init(['--yes', ...URLS, '--tables', 'orders,sales."A, b"', '--snapshot', 'never']);
  expect([code, stdout]).toEqual([0, '✔ pg2any.yaml\n✔ .env\n']);
  expect(file('pg2any.yaml')).not.toContain('geheim');
  expect(file('.env')).toContain('PG2ANY_SOURCE_PASSWORD=geheim1\nPG2ANY_DEST_PASSWORD=geheim2\n');
  for (const name of ['.env', 'pg2any.yaml']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  const shown = await pg2any(['config', 'show', '--json'], { cwd: folder });
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('sales.A, b');
  expect(shown.stdout).not.toContain('geheim');
});

test('takes passwords from the environment and writes the same files', async () => {
  await init(['--yes', ...URLS]);
  const [yaml, env] = [file('pg2any.yaml'), file('.env')];
  rmSync(join(folder, '.env'));
  rmSync(join(folder, 'pg2any.yaml'));
  const plain = URLS.map((word) => word.replace(/:geheim\d/, ''));
  const { code } = await init(['--yes', ...plain], {
    PG2ANY_SOURCE_PASSWORD: 'geheim1',
    PG2ANY_DEST_PASSWORD: 'geheim2',
  });
  expect([code, file('pg2any.yaml'), file('.env')]).toEqual([0, yaml, env]);
});

test('writes Kafka beside the database, with its password in .env', async () => {
  const mirror = [
    '--mirror',
    'kafka://me:geheim3@k1:9092/shop',
    '--kafka-security',
    'sasl_ssl',
    '--kafka-format',
    'flat',
  ];
  expect((await init(['--yes', ...URLS, ...mirror])).code).toBe(0);
  expect(file('pg2any.yaml')).toContain(`kafka:
  url: kafka://me@k1:9092/shop
  password: \${env:PG2ANY_MIRROR_PASSWORD}
  securityProtocol: sasl_ssl
  format: flat
`);
  expect(file('.env')).toContain('PG2ANY_MIRROR_PASSWORD=geheim3\n');
  const shown = await pg2any(['config', 'show', '--json'], { cwd: folder });
  const { settings } = JSON.parse(shown.stdout) as { settings: { name: string; value: unknown }[] };
  const value = (name: string) => settings.find((one) => one.name === name)?.value;
  expect([
    value('kafka.url'),
    value('kafka.securityProtocol'),
    value('kafka.format'),
    value('kafka.topicPrefix'),
  ]).toEqual(['kafka://me@k1:9092/shop', 'sasl_ssl', 'flat', 'shop']);
  expect(shown.stdout).not.toContain('geheim');
  const wrong = await init(['--yes', '--force', ...URLS.slice(0, 2), '--dest', 'kafka://k', '--mirror', 'mysql://k']);
  expect([wrong.code, wrong.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
    2,
    expect.stringContaining('--dest is Kafka itself'),
  ]);
});

test('writes a schema registry, with its password in .env, and refuses one that nothing would use', async () => {
  const registry = ['--kafka-registry', 'http://me@registry:8081', '--kafka-encoding', 'json-schema'];
  const environment = { PG2ANY_REGISTRY_PASSWORD: 'geheim4' };
  expect((await init(['--yes', ...URLS, '--mirror', 'kafka://k1', ...registry], environment)).code).toBe(0);
  expect(file('pg2any.yaml')).toContain(`  encoding: json-schema
  registry:
    url: http://me@registry:8081
    password: \${env:PG2ANY_REGISTRY_PASSWORD}
`);
  expect(file('.env')).toContain('PG2ANY_REGISTRY_PASSWORD=geheim4\n');
  const alone = await init(['--yes', '--force', ...URLS, ...registry]);
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--kafka-registry is for Kafka')]);
  const without = await init(['--yes', '--force', ...URLS, '--mirror', 'kafka://k1', '--kafka-encoding', 'avro']);
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('needs --kafka-registry URL')]);
});

test('refuses to replace files without --force, and says what would be replaced', async () => {
  writeFileSync(join(folder, 'pg2any.yaml'), 'slot: mine\n');
  writeFileSync(join(folder, '.env'), 'OTHER=1\nPG2ANY_DEST_PASSWORD=old\n');
  const refused = await init(['--yes', ...URLS]);
  expect(refused.code).toBe(2);
  const why = refused.stderr.replaceAll(/\s+/g, ' ');
  expect(why).toContain('pg2any.yaml is there already');
  expect(why).toContain('.env sets PG2ANY_DEST_PASSWORD to something else already');
  expect(file('pg2any.yaml')).toBe('slot: mine\n');
  expect((await init(['--yes', '--force', ...URLS])).code).toBe(0);
  expect(file('.env')).toBe('OTHER=1\nPG2ANY_SOURCE_PASSWORD=geheim1\nPG2ANY_DEST_PASSWORD=geheim2\n');
});

test('warns when git would track .env, and not when it is ignored', async () => {
  execFileSync('git', ['init', '-q'], { cwd: folder });
  expect((await init(['--yes', ...URLS])).stderr).toContain('git would track .env');
  writeFileSync(join(folder, '.gitignore'), '.env\n');
  expect((await init(['--yes', ...URLS])).stderr).not.toContain('git would');
});

test('names every wrong flag at once and writes nothing', async () => {
  const { code, stderr } = await init(['--yes', '--source', 'postgres://u@h/d', '--snapshot', 'no', '--policy', 'x']);
  expect(code).toBe(2);
  for (const part of ['--dest is needed', '--snapshot must be', '--policy must be']) expect(stderr).toContain(part);
  const broken = await init(['--yes', '--source', 'postgres://u@h', '--dest', 'sqlite:./x.db']);
  expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('the source has no database')]);
  expect(existsSync(join(folder, 'pg2any.yaml'))).toBe(false);
});

test('without --yes it points to the wizard', async () => {
  expect(await init(URLS)).toMatchObject({ code: 2, stderr: expect.stringContaining('it needs --yes') });
});
