import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the condition gives something true, which is returned; its last error explains a timeout. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 15_000, everyMs = 20, what = 'the condition' } = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer as Exclude<T, false | null | undefined | 0 | ''>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
    await pause(everyMs);
  }
}
