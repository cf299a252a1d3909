import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fromEnvFile } from '../../src/config/env-file.ts';
import { KEYS, settingOf } from '../../src/config/settings.ts';
import { ERROR_CODES } from '../../src/model/error-codes.ts';

const root = new URL('../../', import.meta.url);
const page = (path: string) => readFileSync(new URL(path, root), 'utf8');

test('the generated pages are current', async () => {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/docs.ts', '--check'], { cwd: root });
  await expect(run).resolves.toMatchObject({ stderr: '' });
});

test('every setting with all its names is documented, and every error code', () => {
  const configuration = page('docs/configuration.md');
  for (const key of KEYS) {
    expect(configuration).toContain(`### ${key}\n`);
    for (const name of settingOf(key).env) expect(configuration).toContain(`\`${name}\``);
  }
  for (const code of Object.keys(ERROR_CODES)) expect(page('docs/errors.md')).toContain(`## ${code}\n`);
});

test('the example env file, its commented settings included, holds nothing that is unknown', () => {
  const settings = page('.env.example').replaceAll(/^#(CDC_\w+=)/gm, '$1');
  expect(
    fromEnvFile('.env.example', settings, () => 'x').problems.filter((one) => one.includes('is not a setting')),
  ).toEqual([]);
});
