import { defineConfig } from 'vitest/config';
import { TallyReporter } from './test/support/reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', new TallyReporter()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
