import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { BIN, built } from '../support/program.ts';

const MODULE = pathToFileURL(join(dirname(BIN), '../dist/cli/young-heap.js')).href;

/** Size of the young generation, MB, after much that lives for a while; `calls`: what is called before it. */
function youngMb(calls: string, flags: readonly string[] = []): number {
  const code = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepYoungHeapSmall, letYoungHeapGrow } from ${JSON.stringify(MODULE)};
    ${calls}
    for (let round = 0; round < 5; round++) {
      const kept = [];
      for (let i = 0; i < 200_000; i++) kept.push({ i, text: String(i) });
    }
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    console.log(young.space_size / 1024 / 1024);`;
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', code], { env });
  expect(stderr.toString()).toBe('');
  return Number(stdout.toString());
}

beforeAll(async () => void (await built()));

it('stays small, grows where it is let, and is left alone where its size was chosen', () => {
  expect(youngMb('')).toBeGreaterThan(12);
  expect(youngMb('keepYoungHeapSmall()')).toBeLessThan(12);
  expect(youngMb('keepYoungHeapSmall(); letYoungHeapGrow()')).toBeGreaterThan(12);
  expect(youngMb('keepYoungHeapSmall()', ['--max-semi-space-size=32'])).toBeGreaterThan(12);
});
