import type { TableShape } from '../../model/checkpoint.ts';
import type { OutdatedName } from '../../model/destination.ts';
import {
  type ColumnOverride,
  columnKey,
  DEFAULT_RULES,
  type Policies,
  type TypeOptions,
  type ValueRules,
} from '../../model/mapping.ts';
import type { Column, Relation } from '../../model/relation.ts';

type Names = Pick<Relation, 'schema' | 'name'>;

/**
 * The configured rules, where what is said about a column also holds under the names that it and its table got since:
 * its destination column was made by it. Before a table's mapping is asked for, `follow` says what it was called first.
 */
export class FollowedRules implements ValueRules {
  readonly types: TypeOptions;
  readonly policies: Policies;
  private readonly configured: ReadonlyMap<string, ColumnOverride>;
  private readonly live: Map<string, ColumnOverride>;
  private readonly used = new Set<string>();

  private constructor({ types, policies, columns }: ValueRules) {
    [this.types, this.policies, this.configured] = [types, policies, columns];
    this.live = new Map(columns);
  }

  /** The very same where they are followed already: an engine and its destination share them. */
  static of(rules: ValueRules = DEFAULT_RULES): FollowedRules {
    return rules instanceof FollowedRules ? rules : new FollowedRules(rules);
  }

  /** By present names, of tables that were followed. */
  get columns(): ReadonlyMap<string, ColumnOverride> {
    return this.live;
  }

  get configuredNames(): readonly string[] {
    return [...this.configured.keys()];
  }

  /** Configured names that mean a column of a followed table, present or past. */
  get matched(): ReadonlySet<string> {
    return this.used;
  }

  /** Finds the rules of each column; gives those that the configuration has under a past name. */
  follow(relation: Relation, shape: TableShape | null): readonly OutdatedName[] {
    if (this.configured.size === 0) return [];
    return relation.columns.flatMap((column): OutdatedName[] => {
      const now = columnKey(relation, column.name);
      const found = namesOf(relation, column, shape).find((name) => this.configured.has(name));
      const rule = found === undefined ? undefined : this.configured.get(found);
      if (found === undefined || rule === undefined) {
        // a table of this name may have had it before
        this.live.delete(now);
        return [];
      }
      this.live.set(now, rule);
      this.used.add(found);
      return found === now ? [] : [{ configured: found, now }];
    });
  }
}

/** `schema.table.column`, the present one first. */
function namesOf(relation: Relation, { name, attnum }: Column, shape: TableShape | null): readonly string[] {
  const tables: readonly Names[] = [relation, ...(shape ? [shape.origin] : [])];
  const known = attnum === null ? undefined : shape?.columns.find((one) => one.attnum === attnum);
  const columns = known ? [name, known.origin ?? known.name] : [name];
  return tables.flatMap((table) => columns.map((column) => columnKey(table, column)));
}
