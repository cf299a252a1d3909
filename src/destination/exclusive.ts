/** Runs one at a time what shares something. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/** One after the other, in the order of the calls; a failure does not keep the next from running. */
export function exclusive(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
