import { expect, test } from 'vitest';
import { replicate } from '../../src/cli/commands/replicate.ts';
import { verify } from '../../src/cli/commands/verify.ts';
import { parseFlags } from '../../src/cli/parse.ts';

const given = (flags: object) => Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));

test.each([
  [['--env'], { env: '' }],
  [['--env', '--json'], { env: '', json: true }],
  [['--env', 'my.env', '--until', 'now'], { env: 'my.env', until: 'now' }],
  [['--env=my.env'], { env: 'my.env' }],
  [['--config', '007', '--slot', '12'], { config: '007', slot: '12' }],
  [['--no-tui'], { tui: false }],
  [[], {}],
])('replicate %j', (words, expected) => {
  expect(given(parseFlags(replicate, words))).toEqual(expected);
});

test('a flag that may be given several times takes one value each time', () => {
  const words = ['--env', '--table', 'public.a', '--table', 'b'];
  expect(given(parseFlags(verify, words))).toEqual({ env: '', table: ['public.a', 'b'] });
});
