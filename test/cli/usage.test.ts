import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { BIN, pg2any } from '../support/program.ts';

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

test('without arguments it names the headless way and exits 2', async () => {
  const { code, stdout, stderr } = await pg2any([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('needs a terminal to ask at');
  expect(stderr).toContain('pg2any replicate --env');
});

test('--version prints the version, and nothing else', async () => {
  expect(await pg2any(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help lists every command', async () => {
  const { code, stdout, stderr } = await pg2any(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  for (const { name, summary } of COMMANDS)
    expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 30)}`, 'm'));
});

test.each(COMMANDS.map(({ name }) => name))(
  '%s --help shows usage, every option and examples on stdout',
  async (name) => {
    const entry = COMMANDS.find((one) => one.name === name);
    const command = await entry?.load();
    const { code, stdout, stderr } = await pg2any([name, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`pg2any ${name}: ${entry?.summary}`);
    for (const flag of command?.flags ?? []) expect(stdout).toContain(`--${flag.negated ? 'no-' : ''}${flag.name}`);
    for (const { run } of command?.examples ?? []) expect(stdout).toContain(run);
    for (const line of stdout.split('\n')) if (!line.includes('pg2any')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await pg2any(['help', name])).toMatchObject({ code: 0, stdout });
  },
);

test.each([
  [['repliacte'], 'there is no command "repliacte"; did you mean replicate?'],
  [['--env'], 'options come after the command: pg2any replicate --env'],
  [['replicate', '--untli', 'now'], 'replicate has no option --untli; did you mean --until?'],
  [['check', '--jsno'], 'check has no option --jsno; did you mean --json?'],
  [['check', '--yes'], 'check has no option --yes'],
  [['replicate', '-x'], 'replicate has no option -x'],
  [['replicate', 'shop'], 'replicate takes no argument "shop"'],
  [['replicate', '--config'], '--config needs a value: --config FILE'],
  [['replicate', '--config', 'a', '--config', 'b'], '--config is given 2 times; once is enough'],
  [['verify', '--table'], '--table needs a value'],
  [
    ['replicate', '--env', '--until', 'tomorrow'],
    '--until takes now or a position such as 16/B374D848, not "tomorrow"',
  ],
  [['replicate', '--env', '--snapshot', 'maybe'], '--snapshot must be initial, never or only, not "maybe"'],
  [['demo', '--rate', 'fast'], '--rate must be a whole number from 1 to 1000000, not "fast"'],
  [['demo', '--destination', 'oracle://x/y'], 'begins with oracle:'],
  [['config', 'hide'], 'config takes no argument "hide"'],
])('%j is refused with exit 2 and a reason', async (words, reason) => {
  const { code, stdout, stderr } = await pg2any(words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(reason);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('an error says what happened, what pg2any does and what you can do, with its code', async () => {
  const { stderr } = await pg2any(['check', '--env'], { env: { CDC_BATCHSIZE: '5', CDC_DEST_URL: 'sqlite:./x.db' } });
  expect(stderr).toMatch(
    /^✘ 2 settings are wrong:\n {4}- CDC_BATCHSIZE in the environment is not a setting; did you mean\n {6}CDC_BATCH_SIZE\?/,
  );
  expect(stderr).toMatch(/\n {2}pg2any +Does not start\.\n {2}you +Correct the setting/);
  expect(stderr).toMatch(/\n {2}code +CONFIG_INVALID, exit 2/);
});

test('with --json the error is an object on stdout too', async () => {
  const { code, stdout } = await pg2any(['check', '--env', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CONFIG_INVALID', exitCode: 2 } });
});

test('colours appear only when they are wanted', async () => {
  const start = '\u001b[';
  expect((await pg2any(['--help'])).stdout).not.toContain(start);
  expect((await pg2any(['--help'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(start);
  expect((await pg2any(['nope'], { env: { TERM: 'dumb' } })).stderr).toMatch(/^x there is no command/);
  expect((await pg2any(['nope'], { env: { LC_ALL: 'C' } })).stderr).toMatch(/^x there is no command/);
});

test('the starter is at most ten lines', () => {
  expect(readFileSync(BIN, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(10);
});
