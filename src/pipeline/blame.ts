import { asPg2anyError, type Pg2anyError } from '../model/error.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Counters } from '../status/counters.ts';

/** As a whole: `public.order` is not named by `public.orders`. */
const isNamed = (name: string, message: string): boolean =>
  message.split(name).some((rest, at) => at > 0 && !/^[\p{L}\p{N}_$]/u.test(rest));

/** Those that the message names; where it names none, the only one there is, unless it may pass by itself: a lost server. */
function blamed({ message, retry }: Pg2anyError, relations: readonly Relation[]): readonly string[] {
  const names = relations.map(relationName);
  const named = names.filter((name) => isNamed(name, message));
  return named.length > 0 || names.length > 1 || retry ? named : names;
}

/** Does `work`; a failure is shown with the tables that it is about, until it works. An abort is nobody's failure. */
export async function blaming<T>(
  counters: Counters,
  relations: Iterable<Relation>,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    const done = await work();
    if (counters.failing) for (const one of relations) counters.table(relationName(one)).lastError = null;
    return done;
  } catch (error) {
    const failure = asPg2anyError(error);
    if (!signal?.aborted && failure.code !== 'STREAM_RESTART')
      for (const name of blamed(failure, [...relations])) counters.fail(failure, name);
    throw error;
  }
}
