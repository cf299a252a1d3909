import type { TableShape, TableState } from '../../model/checkpoint.ts';
import type { Alteration, Settled } from '../../model/destination.ts';
import { Pg2anyError } from '../../model/error.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import type { Engine, Session } from '../contract.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Shapes } from '../ledger/shapes.ts';
import { locate, type MoveOptions, moveTable, type Occupant, sameHome } from './move.ts';
import { settleTable } from './settle.ts';

type Home = TableShape['target'];

/** Follows what source tables become: knows where each lives, and what it is to be called. */
export class Follower {
  private readonly engine: Engine;
  private readonly rules: SchemaRules;
  private readonly shapes: Shapes;
  /** Tables (by OID) as they were prepared last: where they belong. */
  private readonly wanted = new Map<number, Relation>();

  constructor(engine: Engine, ledger: Ledger, rules: SchemaRules) {
    this.engine = engine;
    this.rules = rules;
    this.shapes = new Shapes(ledger);
  }

  load(tables: readonly TableState[]): void {
    this.shapes.load(tables);
  }

  remembered({ oid }: Relation): TableShape | null {
    return this.shapes.of(oid);
  }

  /** Under which name the ledger has the table; null while it has not. */
  line(oid: number): Pick<Relation, 'schema' | 'name'> | null {
    return this.shapes.line(oid);
  }

  copied(oid: number): boolean {
    return this.shapes.copied(oid);
  }

  /** Where the table lives by what is remembered and by what is there; null where it never was seen. */
  async find(session: Session, relation: Relation): Promise<TableShape | null> {
    this.wanted.set(relation.oid, relation);
    const shape = this.shapes.of(relation.oid);
    if (!shape) return null;
    return await locate(this.engine, session, relation, shape, (home) => this.ownerOf(home, relation.oid) !== null);
  }

  /** False where it has to wait: within an open transaction it would be rolled back with it. */
  async remember(session: Session, relation: Relation, shape: TableShape, open: boolean): Promise<boolean> {
    if (JSON.stringify(this.shapes.of(relation.oid)) === JSON.stringify(shape)) return true;
    if (open) this.shapes.note(relation, shape);
    else await this.shapes.remember(session, relation, shape);
    return !open;
  }

  async settle(session: Session, relation: Relation): Promise<Settled> {
    const shape = await this.find(session, relation);
    if (!shape) return { done: [], waiting: false };
    return await settleTable(this.engine, session, relation, shape, {
      rules: this.rules,
      ...this.moving(session, relation),
    });
  }

  async uncopy(session: Session, relation: Relation): Promise<void> {
    await this.shapes.uncopy(session, relation);
  }

  async rename(session: Session, relation: Relation): Promise<readonly Alteration[]> {
    const shape = await this.find(session, relation);
    if (!shape) return [];
    if (!sameHome(shape.target, relation.target))
      return (await moveTable(this.engine, session, relation, shape, this.moving(session, relation))).done;
    // a move that was made before a crash is remembered before another table stands at the place that it left
    await this.remember(session, relation, shape, false);
    return [];
  }

  /** A table that stands where this one belongs, and belongs elsewhere itself. */
  inPlaceOf(relation: Relation): Relation | null {
    const owner = this.ownerOf(relation.target, relation.oid);
    const other = owner === null ? undefined : this.wanted.get(owner);
    return other && !this.same(other.target, relation.target) ? other : null;
  }

  private moving(session: Session, relation: Relation): MoveOptions {
    return {
      occupant: (home) => this.occupant(home, relation.oid),
      remember: (next) => this.shapes.remember(session, relation, next),
    };
  }

  private occupant(home: Home, oid: number): Occupant | null {
    const owner = this.ownerOf(home, oid);
    if (owner === null) return null;
    const wanted = this.wanted.get(owner);
    return { leaving: wanted !== undefined && !this.same(wanted.target, home) };
  }

  private ownerOf(home: Home, except: number): number | null {
    return this.shapes.at((target) => this.same(target, home), except);
  }

  private same(a: Home, b: Home): boolean {
    return this.engine.dialect.samePlace(a) === this.engine.dialect.samePlace(b);
  }
}

export function occupied(relation: Relation, other: Relation): Pg2anyError {
  const message = `${relationName(relation)} cannot have its destination table, because that of ${relationName(other)} is still there: its own place is taken`;
  return new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: 'Rename the destination tables as the source has renamed its own.',
  });
}
