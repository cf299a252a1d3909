/** Does it for all at once and waits for all of them, whatever becomes of one; then throws the first failure. */
export async function together<T, R>(all: readonly T[], work: (one: T, at: number) => Promise<R>): Promise<R[]> {
  const results = await Promise.allSettled(all.map(async (one, at) => await work(one, at)));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
