import type { TableState } from '../model/checkpoint.ts';
import { Pg2anyError } from '../model/error.ts';
import { type Lsn, ZERO_LSN } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Transform } from '../transform/transform.ts';

/** What to do with the changes of one relation of the stream. */
export type Verdict =
  /** Apply those of transactions that committed at or after `since`; earlier ones are in the copied rows. */
  | { readonly kind: 'apply'; readonly relation: Relation; readonly since: Lsn }
  | { readonly kind: 'ignore' }
  /** Not copied yet: the stream has to be opened again after copying it. */
  | { readonly kind: 'copy' };

/** Which tables are replicated from which position on. Pure. */
export class KnownTables {
  private readonly transform: Transform;
  private readonly states: ReadonlyMap<number, TableState>;
  /** With no initial copy every table is replicated from where the stream begins. */
  private readonly acceptAll: boolean;
  /** Tables for which a copy was asked before: they are gone from the publication since. */
  private readonly asked: ReadonlySet<number>;

  constructor(transform: Transform, states: readonly TableState[], acceptAll: boolean, asked: ReadonlySet<number>) {
    this.transform = transform;
    this.states = new Map(states.map((state) => [state.oid, state]));
    this.acceptAll = acceptAll;
    this.asked = asked;
  }

  judge(relation: Relation): Verdict {
    const routed = this.transform(relation);
    if (!routed) return { kind: 'ignore' };
    const state = this.states.get(relation.oid);
    if (state) {
      assertSameName(state, relation);
      return { kind: 'apply', relation: routed, since: state.snapshot };
    }
    if (this.acceptAll) return { kind: 'apply', relation: routed, since: ZERO_LSN };
    return { kind: this.asked.has(relation.oid) ? 'ignore' : 'copy' };
  }
}

function assertSameName(state: TableState, relation: Relation): void {
  if (state.schema === relation.schema && state.name === relation.name) return;
  const message = `table ${state.schema}.${state.name} is now called ${relationName(relation)}`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: 'Rename it back, or run `pg2any teardown` and replicate with a new snapshot.',
  });
}

/** Refuses to guess: taken for another column, values would stay or vanish silently. */
export function assertClear(relation: Relation): void {
  if (!relation.unclear) return;
  const columns = relation.columns.map(({ name }) => name).join(', ');
  const message = `${relationName(relation)} has the columns (${columns}) now, and it cannot be told which of them were renamed and which were dropped and added again`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: 'Copy the table again: drop it at the destination, delete its line from pg2any_tables there, and start again.',
  });
}
