import type pg from 'pg';
import type { Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { SourceOptions, SourceTable } from '../model/source.ts';
import type { Row } from '../model/value.ts';
import { connectSource } from './connection.ts';
import { cutOff, hangUp } from './hang-up.ts';
import { readPosition } from './position.ts';
import { queryOn } from './query.ts';
import { findRow, type ReadableTable, readTable } from './reader.ts';

/** The source as verify reads it: whole tables, single rows, and the position they stand for. */
export class VerifySource {
  private readonly client: pg.Client;
  private readonly options: SourceOptions;
  private readonly tables: ReadonlyMap<number, SourceTable>;

  private constructor(client: pg.Client, options: SourceOptions, tables: readonly SourceTable[]) {
    this.client = client;
    this.options = options;
    this.tables = new Map(tables.map((table) => [table.relation.oid, table]));
  }

  static async open(options: SourceOptions, tables: readonly SourceTable[]): Promise<VerifySource> {
    return new VerifySource(await connectSource(options), options, tables);
  }

  /** Every row as of one moment. Each read has its own connection: an early end leaves it in the middle of a COPY. */
  async *rows(relation: Relation, signal: AbortSignal): AsyncIterable<readonly Row[]> {
    const client = await connectSource(this.options);
    try {
      for await (const chunk of readTable(client, this.readable(relation), signal)) yield [...chunk.rows];
    } finally {
      cutOff(client);
    }
  }

  async find(relation: Relation, key: Row): Promise<Row | null> {
    return await findRow(this.client, this.readable(relation), key);
  }

  async position(): Promise<Lsn> {
    return await readPosition(queryOn(this.client));
  }

  async close(): Promise<void> {
    await hangUp(this.client);
  }

  private readable(relation: Relation): ReadableTable {
    const table = this.tables.get(relation.oid);
    if (!table) throw new RangeError(`${relationName(relation)} is not one of the tables to verify`);
    return { relation, kind: table.kind, rowFilter: table.rowFilter };
  }
}
