import type { Checkpoint, TableShape } from '../../model/checkpoint.ts';
import type { ColumnMapping, PlannedColumn, TablePlan, TableToPlan, WidestValues } from '../../model/destination.ts';
import type { Finding } from '../../model/finding.ts';
import type { ValueRules } from '../../model/mapping.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import { lossOf } from '../changes/adjust.ts';
import type { Engine, Session } from '../contract.ts';
import { admission, assertAdmitted } from './admit.ts';
import { planTable } from './table-plan.ts';
import type { Widths } from './widths.ts';

export interface OutlookPorts {
  readonly engine: Engine;
  readonly rules: ValueRules;
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

  mapping(relation: Relation): readonly ColumnMapping[] {
    const { engine, rules } = this.ports;
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
    await this.look(session, relations);
    const findings = this.admission(relations);
    const plans: TablePlan[] = [];
    for (const { relation, defaults } of tables) {
      const shape = checkpoint?.tables.find(({ oid }) => oid === relation.oid)?.shape ?? null;
      const columns = (of: Relation): readonly PlannedColumn[] => this.columns(of);
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

  async look(session: Session, relations: readonly Relation[]): Promise<void> {
    const { widths, remembered } = this.ports;
    for (const relation of relations) await widths?.decide(session, relation, remembered(relation));
  }

  profiles(relation: Relation): readonly string[] {
    return this.ports.widths?.wanted(relation) ?? [];
  }

  learn(relation: Relation, widest: WidestValues): void {
    this.ports.widths?.learn(relation, widest);
  }

  private admission(relations: readonly Relation[]): readonly Finding[] {
    return admission(this.ports.engine.dialect, this.ports.rules, relations);
  }

  private columns(relation: Relation): readonly PlannedColumn[] {
    const isKey = (index: number): boolean => relation.identity === 'key' && relation.key.includes(index);
    return this.mapping(relation).map((mapping, index) => ({ ...mapping, key: isKey(index) }));
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
