import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aptSources } from './debian.ts';

it('reads both formats of apt sources', () => {
  const root = mkdtempSync(join(tmpdir(), 'pg2any-apt-test-'));
  mkdirSync(join(root, 'sources.list.d'));
  writeFileSync(
    join(root, 'sources.list'),
    '# note\ndeb [arch=amd64 signed-by=/k.gpg] http://a.example/debian bookworm main\n',
  );
  writeFileSync(
    join(root, 'sources.list.d', 'b.sources'),
    'Types: deb\nURIs: http://b.example/debian\nSuites: trixie trixie-updates\nSigned-By: /b.gpg\n\nTypes: deb-src\nURIs: http://c.example\nSuites: x\n',
  );
  expect(aptSources(root)).toEqual([
    { uri: 'http://a.example/debian', suites: ['bookworm'], signedBy: '/k.gpg' },
    { uri: 'http://b.example/debian', suites: ['trixie', 'trixie-updates'], signedBy: '/b.gpg' },
  ]);
  rmSync(root, { recursive: true });
});
