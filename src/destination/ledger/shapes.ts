import type { TableShape, TableState } from '../../model/checkpoint.ts';
import { ZERO_LSN } from '../../model/lsn.ts';
import type { Relation } from '../../model/relation.ts';
import type { Session } from '../contract.ts';
import type { Ledger } from './ledger.ts';

type Table = Pick<Relation, 'oid' | 'schema' | 'name'>;

interface Entry {
  /** The name under which the ledger has it; null while it has not. */
  readonly row: Pick<Relation, 'schema' | 'name'> | null;
  readonly shape: TableShape | null;
  readonly copied: boolean;
}

/** Where source tables (by OID) live at the destination: remembered in the ledger, under its fence. */
export class Shapes {
  private readonly ledger: Ledger;
  private readonly entries = new Map<number, Entry>();

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  /** What the ledger said. */
  load(tables: readonly TableState[]): void {
    this.entries.clear();
    for (const { oid, schema, name, state, shape } of tables)
      this.entries.set(oid, { row: { schema, name }, shape: shape ?? null, copied: state === 'copied' });
  }

  of(oid: number): TableShape | null {
    return this.entries.get(oid)?.shape ?? null;
  }

  /** The name under which the ledger has the table: an earlier one, as long as its destination table waits for its place. */
  line(oid: number): Pick<Relation, 'schema' | 'name'> | null {
    return this.entries.get(oid)?.row ?? null;
  }

  /** When this process began. */
  copied(oid: number): boolean {
    return this.entries.get(oid)?.copied ?? false;
  }

  /** For this process alone, until it is written with `remember`. */
  note({ oid }: Table, shape: TableShape): void {
    this.entries.set(oid, { row: null, copied: false, ...this.entries.get(oid), shape });
  }

  /** Throws FENCED when another instance took over. */
  async remember(session: Session, { oid, schema, name }: Table, shape: TableShape): Promise<void> {
    const row = this.entries.get(oid)?.row ?? null;
    await this.makeWay(session, { oid, schema, name }, row !== null);
    // a table that is never copied has no line yet
    if (row === null)
      await this.ledger.start(session, { oid, schema, name, state: 'copying', snapshot: ZERO_LSN, rows: 0 });
    await this.ledger.place(session, row ?? { schema, name }, { oid, schema, name }, JSON.stringify(shape));
    this.entries.set(oid, { copied: false, ...this.entries.get(oid), row: { schema, name }, shape });
  }

  /** What is remembered of where the table lives stays. Throws FENCED as `remember`. */
  async uncopy(session: Session, { oid, schema, name }: Table): Promise<void> {
    const entry = this.entries.get(oid);
    const row = entry?.row ?? { schema, name };
    await this.ledger.start(session, { oid, ...row, state: 'copying', snapshot: ZERO_LSN, rows: 0 });
    this.entries.set(oid, { shape: null, ...entry, row, copied: false });
  }

  /** The source table that is remembered at this place, other than this one. */
  at(same: (target: TableShape['target']) => boolean, except: number): number | null {
    for (const [oid, { shape }] of this.entries) if (shape && oid !== except && same(shape.target)) return oid;
    return null;
  }

  /** A line is found by the name of its table: one that had the name before is called otherwise, or replaced by ours. */
  private async makeWay(session: Session, { oid, schema, name }: Table, hasLine: boolean): Promise<void> {
    for (const [other, { row, shape, copied }] of this.entries) {
      if (other === oid || row?.schema !== schema || row.name !== name) continue;
      if (!hasLine) this.entries.delete(other);
      else {
        const past = { oid: other, schema, name: `${name} (${other})` };
        await this.ledger.place(session, row, past, shape && JSON.stringify(shape));
        this.entries.set(other, { row: past, shape, copied });
      }
    }
  }
}
