import type { TableShape } from '../../model/checkpoint.ts';
import type { WidestValues } from '../../model/destination.ts';
import { columnKey, type ValueRules } from '../../model/mapping.ts';
import type { Relation } from '../../model/relation.ts';
import type { ColumnCodec, Dialect, Engine, Session } from '../contract.ts';
import { ValueProblem } from '../problem.ts';
import { placeColumns } from './placement.ts';

/** Whether some column's type waits for a look at its values. */
export const usesWidths = ({ types, columns }: ValueRules): boolean =>
  [types, ...columns.values()].some((one) => one.numericUnbounded === 'auto');

/**
 * Which columns with a `wider` codec take it: those whose destination column has that type, or, where the table is not
 * there yet, whose values need it.
 */
export class Widths {
  private readonly engine: Engine;
  private readonly wide = new Set<string>();
  private readonly widest = new Map<string, readonly string[]>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Columns of this table whose widest values should be looked up before it is created. */
  wanted(relation: Relation): readonly string[] {
    return this.engine.dialect
      .codecs(relation)
      .flatMap((codec, i) => (codec.wider ? [relation.columns[i]?.name ?? ''] : []));
  }

  learn(relation: Relation, widest: WidestValues): void {
    for (const [column, values] of widest) this.widest.set(columnKey(relation, column), values);
  }

  /** Before the table is compared or created. */
  async decide(session: Session, relation: Relation, shape: TableShape | null = null): Promise<void> {
    const { engine } = this;
    const codecs = engine.dialect.codecs(relation);
    if (!codecs.some(({ wider }) => wider)) return;
    const existing = await engine.describe(session, engine.dialect.place(shape?.target ?? relation.target));
    const placed = existing ? placeColumns(engine.dialect, relation, shape, existing).columns : [];
    codecs.forEach((codec, i) => {
      const key = columnKey(relation, relation.columns[i]?.name ?? '');
      const found = placed[i]?.found;
      const isKey = relation.identity === 'key' && relation.key.includes(i);
      const unfit = found
        ? engine.dialect.misfit(found, codec, isKey) !== null
        : (this.widest.get(key) ?? []).some((value) => !fits(codec, value));
      if (codec.wider && unfit) this.wide.add(key);
      else this.wide.delete(key);
    });
  }

  /** The engine with these decisions in its mapping. */
  applied(): Engine {
    const { engine } = this;
    let made: { readonly of: Dialect; readonly dialect: Dialect } | null = null;
    const codecs = (relation: Relation): readonly ColumnCodec[] =>
      engine.dialect.codecs(relation).map((codec, i) => {
        const name = relation.columns[i]?.name ?? '';
        return codec.wider && this.wide.has(columnKey(relation, name)) ? codec.wider : codec;
      });
    return {
      get dialect(): Dialect {
        const of = engine.dialect;
        if (made?.of !== of) made = { of, dialect: { ...of, codecs } };
        return made.dialect;
      },
      singleWriter: engine.singleWriter,
      connect: () => engine.connect(),
      open: (token) => engine.open(token),
      describe: (session, place) => engine.describe(session, place),
      inspect: (session, relations) => engine.inspect(session, relations),
      close: () => engine.close(),
    };
  }
}

function fits(codec: ColumnCodec, value: string): boolean {
  try {
    codec.encode(value);
    return true;
  } catch (error) {
    if (error instanceof ValueProblem) return false;
    throw error;
  }
}
