import type { TableState } from '../model/checkpoint.ts';
import { Pg2anyError } from '../model/error.ts';
import { type Lsn, ZERO_LSN } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import { COPY_AGAIN } from '../model/unsent.ts';
import type { Transform } from '../transform/transform.ts';

/** What to do with the changes of one relation of the stream. */
export type Verdict =
  /** Apply those of transactions that committed at or after `since`; earlier ones are in the copied rows. */
  | { readonly kind: 'apply'; readonly relation: Relation; readonly since: Lsn }
  | { readonly kind: 'ignore' }
  /** Not copied yet: the stream has to be opened again after copying it. */
  | { readonly kind: 'copy' };

/** Where a relation goes: `transform` chooses and routes, `route` only routes. */
export interface Choice {
  readonly transform: Transform;
  readonly route: Transform;
}

/**
 * The relation as it is routed, null where it was not chosen. A table that was chosen under the name it had first stays
 * chosen however it is renamed: by its OID it is the same table. Pure.
 */
export function choose(
  { transform, route }: Choice,
  relation: Relation,
  known: TableState | undefined,
): Relation | null {
  const chosen = transform(relation);
  const origin = known?.shape?.origin;
  if (chosen || !origin) return chosen;
  return transform({ ...relation, ...origin }) ? route(relation) : null;
}

/** Which tables are replicated from which position on. Pure. */
export class KnownTables {
  private readonly choice: Choice;
  private readonly states: ReadonlyMap<number, TableState>;
  /** With no initial copy every table is replicated from where the stream begins. */
  private readonly acceptAll: boolean;
  /** Tables for which a copy was asked before: they are gone from the publication since. */
  private readonly asked: ReadonlySet<number>;

  constructor(choice: Choice, states: readonly TableState[], acceptAll: boolean, asked: ReadonlySet<number>) {
    this.choice = choice;
    this.states = new Map(states.map((state) => [state.oid, state]));
    this.acceptAll = acceptAll;
    this.asked = asked;
  }

  /** Tables are copied before their changes are applied. */
  get copies(): boolean {
    return !this.acceptAll;
  }

  judge(relation: Relation): Verdict {
    const state = this.states.get(relation.oid);
    const routed = choose(this.choice, relation, state);
    if (!routed) return { kind: 'ignore' };
    if (this.acceptAll) return { kind: 'apply', relation: routed, since: ZERO_LSN };
    if (state?.state === 'copied') return { kind: 'apply', relation: routed, since: state.snapshot };
    return { kind: this.asked.has(relation.oid) ? 'ignore' : 'copy' };
  }

  /** Replicated under a name that the configuration does not choose. */
  isUnlisted(relation: Relation): boolean {
    return this.choice.transform(relation) === null;
  }
}

/** Ends the stream, which begins again once the table is there. */
export const copiedFirst = (relation: Relation): Pg2anyError =>
  new Pg2anyError('STREAM_RESTART', `${relationName(relation)} is new in the publication and is copied first`);

/** Refuses to guess: taken for another column, values would stay or vanish silently. */
export function assertClear(relation: Relation): void {
  if (!relation.unclear) return;
  const columns = relation.columns.map(({ name }) => name).join(', ');
  const message = `${relationName(relation)} has the columns (${columns}) now, and it cannot be told which of them were renamed and which were dropped and added again`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: COPY_AGAIN,
  });
}
