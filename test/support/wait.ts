import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until the condition holds; fails with `what` after `timeoutMs` (30 s unless told). */
export async function until(
  condition: () => boolean | Promise<boolean>,
  options: { readonly timeoutMs?: number; readonly what?: string } = {},
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${options.what ?? condition.toString()}`);
    await sleep(20);
  }
}
