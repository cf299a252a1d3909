import type { TableShape, TableState } from '../model/checkpoint.ts';
import { ZERO_LSN } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';
import type { Session } from './contract.ts';
import type { Ledger } from './ledger.ts';

type Table = Pick<Relation, 'oid' | 'schema' | 'name'>;

interface Entry {
  /** The name under which the ledger has it; null while it has not. */
  readonly row: Pick<Relation, 'schema' | 'name'> | null;
  readonly shape: TableShape | null;
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
    for (const { oid, schema, name, shape } of tables)
      this.entries.set(oid, { row: { schema, name }, shape: shape ?? null });
  }

  of(oid: number): TableShape | null {
    return this.entries.get(oid)?.shape ?? null;
  }

  /** For this process alone, until it is written with `remember`. */
  note({ oid }: Table, shape: TableShape): void {
    this.entries.set(oid, { row: this.entries.get(oid)?.row ?? null, shape });
  }

  /** Throws FENCED when another instance took over. */
  async remember(session: Session, { oid, schema, name }: Table, shape: TableShape): Promise<void> {
    const row = this.entries.get(oid)?.row ?? null;
    // a table that is never copied has no line yet
    if (row === null)
      await this.ledger.start(session, { oid, schema, name, state: 'copying', snapshot: ZERO_LSN, rows: 0 });
    await this.ledger.place(session, row ?? { schema, name }, { oid, schema, name }, JSON.stringify(shape));
    this.entries.set(oid, { row: { schema, name }, shape });
  }
}
