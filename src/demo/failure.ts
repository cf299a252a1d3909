import type { Child, Ended } from './child.ts';

/** A pg2any that the demo ran did not do what it should. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(what: string, ended: Ended, child: Child) {
    const how = ended.signal ?? `exit code ${ended.code}`;
    super([`${what} (${how})`, child.complaint].filter(Boolean).join('\n'));
    this.exitCode = ended.code || 1;
  }
}
