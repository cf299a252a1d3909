import type { Relation, ReplicaIdentity } from '../model/relation.ts';

/** What the catalog knows about a table's keys. */
export interface KeyFacts {
  readonly replicaIdentity: ReplicaIdentity;
  /** Column names of an immediate primary key, in its order; null without one (a deferrable one does not count). */
  readonly primaryKey: readonly string[] | null;
  /** Column names of the index that REPLICA IDENTITY USING INDEX names. */
  readonly identityIndex: readonly string[] | null;
  /** Columns that the stream flags as key; null when the description comes from the catalog alone. */
  readonly flagged: readonly string[] | null;
}

type Identity = Pick<Relation, 'identity' | 'key'>;

const NONE: Identity = { identity: 'none', key: [] };

function keyOf(names: readonly string[] | null, columns: readonly string[]): Identity | null {
  if (!names || names.length === 0) return null;
  const key = names.map((name) => columns.indexOf(name));
  return key.includes(-1) ? null : { identity: 'key', key };
}

/** The catalog's order where it names the same columns: the stream only flags them. */
function ordered(flagged: readonly string[] | null, known: readonly string[] | null): readonly string[] | null {
  if (!flagged || flagged.length === 0) return flagged ? null : known;
  const same = known && known.length === flagged.length && known.every((name) => flagged.includes(name));
  return same ? known : flagged;
}

/**
 * How rows of the table are found again. FULL flags every column, so there the primary key comes from the catalog.
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export function rowIdentity(facts: KeyFacts, columns: readonly string[]): Identity {
  switch (facts.replicaIdentity) {
    case 'index':
      return keyOf(ordered(facts.flagged, facts.identityIndex), columns) ?? NONE;
    case 'default':
      return keyOf(ordered(facts.flagged, facts.primaryKey), columns) ?? NONE;
    case 'full':
      return keyOf(facts.primaryKey, columns) ?? { identity: 'row', key: columns.map((_, index) => index) };
    case 'nothing':
      return keyOf(facts.primaryKey, columns) ?? NONE;
  }
}
