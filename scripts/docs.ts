/** Writes the generated pages: `npx tsx scripts/docs.ts`; with `--check` it only says whether they are current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationPage } from './docs/configuration.ts';
import { dashboardPage } from './docs/dashboard.ts';
import { errorsPage } from './docs/errors.ts';
import { metricsPage } from './docs/metrics.ts';
import { typesPage } from './docs/types.ts';

const PAGES = {
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
  'docs/types.md': typesPage,
  'docs/metrics.md': metricsPage,
  'docs/monitoring/dashboard.json': dashboardPage,
};

const root = new URL('../', import.meta.url);

function current(path: string): string | null {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return null;
  }
}

const stale = Object.entries(PAGES).filter(([path, page]) => current(path) !== page());
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what scripts/docs.ts writes; run npx tsx scripts/docs.ts`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, page] of stale) writeFileSync(new URL(path, root), page());
}
