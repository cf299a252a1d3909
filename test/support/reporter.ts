import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Ends the output with one line, `12 passed, 0 failed, 1 skipped`, and before it names every skipped test: a skip must
 * not look like a success.
 */
export class TallyReporter implements Reporter {
  #tally = '0 passed, 1 failed';
  #skipped: readonly string[] = [];

  constructor(write: (text: string) => void = (text) => void writeSync(1, text)) {
    // At the very end: the servers are stopped after the run, and may still have something to say.
    process.once('exit', () => write(this.text()));
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason = 'passed',
  ): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => ['skipped', 'pending'].includes(test.result().state));
    // A file that does not load, a hook that throws and an error nobody awaited have no test of their own.
    const outside = modules.reduce((sum, module) => sum + errorsOutsideTests(module), unhandled.length);
    const failed = Math.max(count('failed') + outside, reason === 'passed' ? 0 : 1);
    this.#skipped = skipped.map(name);
    const suffix = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
    this.#tally = `${count('passed')} passed, ${failed} failed${suffix}`;
  }

  text(): string {
    const list = this.#skipped.map((title) => `SKIPPED  ${title}\n`).join('');
    return `${list}${this.#tally}\n`;
  }
}

function errorsOutsideTests(module: TestModule): number {
  const suites = [...module.children.allSuites()];
  return suites.reduce((sum, suite) => sum + suite.errors().length, module.errors().length);
}

function name(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
