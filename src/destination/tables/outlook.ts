import type { Checkpoint, TableShape } from '../../model/checkpoint.ts';
import type { ColumnMapping, PlannedColumn, TablePlan, TableToPlan, WidestValues } from '../../model/destination.ts';
import type { Finding } from '../../model/finding.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import { lossOf } from '../changes/adjust.ts';
import type { Engine, Session } from '../contract.ts';
import { admission, assertAdmitted } from './admit.ts';
import type { FollowedRules } from './followed-rules.ts';
import { planTable } from './table-plan.ts';
import type { Widths } from './widths.ts';

export interface OutlookPorts {
  readonly engine: Engine;
  readonly rules: FollowedRules;
  readonly schema: SchemaRules;
  readonly autoCreateTables: boolean;
  /** Where a table lives, as far as that is known by now. */
  readonly remembered: (relation: Relation) => TableShape | null;
  /** Null where no type depends on the values there are. */
  readonly widths: Widths | null;
}

/** What would become of tables, and what stands in their way. Changes nothing. */
export class Outlook {
  private readonly ports: OutlookPorts;

  constructor(ports: OutlookPorts) {
    this.ports = ports;
  }

  mapping(relation: Relation, shape = this.ports.remembered(relation)): readonly ColumnMapping[] {
    const { engine, rules } = this.ports;
    rules.follow(relation, shape);
    return engine.dialect.codecs(relation).map((codec, index) => ({
      column: relation.columns[index]?.name ?? '',
      sourceType: relation.columns[index]?.type.display ?? '',
      destinationType: codec.ddl,
      note: codec.note,
      lossy: lossOf(rules, relation, index, codec),
    }));
  }

  async plan(
    session: Session,
    tables: readonly TableToPlan[],
    checkpoint: Checkpoint | null,
  ): Promise<readonly TablePlan[]> {
    const { engine, schema, rules: values, autoCreateTables } = this.ports;
    const relations = tables.map(({ relation }) => relation);
    const shapeOf = ({ oid }: Relation): TableShape | null =>
      checkpoint?.tables.find((table) => table.oid === oid)?.shape ?? null;
    await this.look(session, relations, shapeOf);
    const findings = this.admission(relations, shapeOf);
    const plans: TablePlan[] = [];
    for (const { relation, defaults } of tables) {
      const shape = shapeOf(relation);
      const columns = (of: Relation): readonly PlannedColumn[] => this.columns(of, shape);
      const options = { autoCreateTables, rules: schema, values, shape, defaults, columns };
      plans.push(withFindings(await planTable(engine, session, relation, options), relation, findings));
    }
    return plans;
  }

  async inspect(
    session: Session,
    tables: readonly TableToPlan[],
    checkpoint: Checkpoint | null,
  ): Promise<readonly Finding[]> {
    const plans = await this.plan(session, tables, checkpoint);
    const relations = tables.map(({ relation }) => relation);
    return [...(await this.ports.engine.inspect(session, relations)), ...plans.flatMap(blocking)];
  }

  admit(relations: readonly Relation[]): void {
    assertAdmitted(this.admission(relations));
  }

  async look(session: Session, relations: readonly Relation[], shapeOf = this.ports.remembered): Promise<void> {
    const { widths, rules } = this.ports;
    for (const relation of relations) {
      const shape = shapeOf(relation);
      rules.follow(relation, shape);
      await widths?.decide(session, relation, shape);
    }
  }

  profiles(relation: Relation): readonly string[] {
    this.ports.rules.follow(relation, this.ports.remembered(relation));
    return this.ports.widths?.wanted(relation) ?? [];
  }

  learn(relation: Relation, widest: WidestValues): void {
    this.ports.widths?.learn(relation, widest);
  }

  private admission(relations: readonly Relation[], shapeOf = this.ports.remembered): readonly Finding[] {
    for (const relation of relations) this.ports.rules.follow(relation, shapeOf(relation));
    return admission(this.ports.engine.dialect, this.ports.rules, relations);
  }

  private columns(relation: Relation, shape: TableShape | null): readonly PlannedColumn[] {
    const isKey = (index: number): boolean => relation.identity === 'key' && relation.key.includes(index);
    return this.mapping(relation, shape).map((mapping, index) => ({ ...mapping, key: isKey(index) }));
  }
}

const blocking = ({ table, problems }: TablePlan): Finding[] =>
  problems.map(({ message, hint }) => ({
    check: 'destination_table',
    severity: 'block',
    table,
    message,
    fix: { side: 'destination', sql: [], text: hint },
  }));

/** Problems of a table among the others, or of the configuration as a whole, which every table shows. */
function withFindings(plan: TablePlan, relation: Relation, findings: readonly Finding[]): TablePlan {
  const own = findings.filter(({ table }) => table === undefined || table === relationName(relation));
  if (own.length === 0) return plan;
  const more = own.map(({ message, fix }) => ({ message, hint: fix?.text ?? '' }));
  return { ...plan, action: 'blocked', sql: [], problems: [...plan.problems, ...more] };
}
