import { Pg2anyError } from '../../../model/error.ts';
import { quoteTable } from '../../../model/quote.ts';
import type { Relation } from '../../../model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../../../model/value.ts';
import { ValueProblem } from '../../problem.ts';
import { describeRow } from '../../refusal.ts';

/** How values of one column are written. */
export interface Cell<T> {
  /** Throws ValueProblem where there is no exact counterpart. */
  readonly write: (text: string) => T;
  /** What stands for a large value that the server did not send; null where nothing can. */
  readonly unavailable: T | null;
  /** As `Field.remedy`. */
  readonly remedy: string | null;
}

/** Values of one table's columns, with errors that name row and column. `none` stands for NULL. */
export class Cells<T> {
  private readonly relation: Relation;
  private readonly cells: readonly Cell<T>[];
  private readonly none: T;

  constructor(relation: Relation, cells: readonly Cell<T>[], none: T) {
    this.relation = relation;
    this.cells = cells;
    this.none = none;
  }

  /** Throws VALUE_UNREPRESENTABLE, and VALUE_UNAVAILABLE where no placeholder can stand. */
  value(column: number, value: Value, key: () => Row): T {
    if (value === null) return this.none;
    const cell = this.cells[column] as Cell<T>;
    if (value === UNCHANGED) return cell.unavailable ?? this.missing(column, key());
    try {
      return cell.write(value);
    } catch (error) {
      throw this.refused(column, key(), error);
    }
  }

  private missing(column: number, key: Row): never {
    const { name, type } = this.relation.columns[column] ?? {};
    const message = `${describeRow(this.relation, key)}: the server did not send ${name} (${type?.display}), which did not change, and no placeholder can stand for it`;
    const { remedy = null } = this.cells[column] ?? {};
    const or = remedy === null ? '' : `set ${remedy}, or `;
    const full = `let it be sent from now on: ALTER TABLE ${quoteTable(this.relation)} REPLICA IDENTITY FULL; what was written before then needs a new copy (pg2any teardown)`;
    throw new Pg2anyError('VALUE_UNAVAILABLE', message, { hint: capital(`${or}${full}.`) });
  }

  private refused(column: number, key: Row, error: unknown): unknown {
    if (!(error instanceof ValueProblem)) return error;
    const { name, type } = this.relation.columns[column] ?? {};
    const message = `${describeRow(this.relation, key)}: the value of ${name} (${type?.display}) ${error.message} [${error.problem}]`;
    const text = error.problem.startsWith('NUMERIC')
      ? 'Set kafka.decimals to string, which takes every value, or c'
      : 'C';
    const hint = `${text}hange the value at the source, or leave the column out with a column list of the publication.`;
    return new Pg2anyError('VALUE_UNREPRESENTABLE', message, { hint, cause: error, problem: error.problem });
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
