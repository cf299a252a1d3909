import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestRunEndReason } from 'vitest/node';

/** Where only the end of a long output is kept, each reason must still be in it. */
const REASONS = 20;
const REASON_CHARS = 600;

/**
 * Ends the output with one line, `12 passed, 0 failed, 1 skipped`, and before it names every skipped test (a skip must
 * not look like a success) and what failed, with the reason.
 */
export class TallyReporter implements Reporter {
  #tally = '0 passed, 1 failed';
  #skipped: readonly string[] = [];
  #failures: readonly string[] = [];

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
    const outside = modules.reduce((sum, module) => sum + outsideTests(module).length, unhandled.length);
    const failed = Math.max(count('failed') + outside, reason === 'passed' ? 0 : 1);
    this.#skipped = skipped.map(name);
    this.#failures = [...modules.flatMap(failuresOf), ...unhandled.map((error) => `run: ${error.message}`)];
    const suffix = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
    this.#tally = `${count('passed')} passed, ${failed} failed${suffix}`;
  }

  text(): string {
    const list = this.#skipped.map((title) => `SKIPPED  ${title}\n`).join('');
    const failures = this.#failures.slice(0, REASONS).map((failure) => `FAILED   ${failure.slice(0, REASON_CHARS)}\n`);
    return `${list}${failures.join('')}${this.#tally}\n`;
  }
}

/** Of the file as a whole, and of its hooks. */
function outsideTests(module: TestModule): readonly SerializedError[] {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => [...suite.errors()])];
}

function failuresOf(module: TestModule): string[] {
  const failed = [...module.children.allTests()].flatMap((test) => {
    const { state, errors = [] } = test.result();
    return state === 'failed' ? [`${name(test)}: ${errors[0]?.message ?? 'no error'}`] : [];
  });
  return [...outsideTests(module).map((error) => `${module.relativeModuleId}: ${error.message}`), ...failed];
}

function name(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
