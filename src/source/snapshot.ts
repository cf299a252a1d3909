import type pg from 'pg';
import type { Lsn } from '../model/lsn.ts';
import { quoteLiteral } from '../model/quote.ts';
import type { CopyChunk, Snapshot, SourceTable } from '../model/source.ts';
import { sourceError } from './errors.ts';
import { hangUp } from './hang-up.ts';
import { readTable } from './reader.ts';

async function importInto(client: pg.Client, snapshot: string): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`SET TRANSACTION SNAPSHOT ${quoteLiteral(snapshot)}`);
}

/**
 * A snapshot exported by a slot's creator, shared by several readers. It lives as long as the creator runs no other
 * command, so all readers import it first. https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
 */
export class ExportedSnapshot implements Snapshot {
  readonly lsn: Lsn;
  private readonly creator: pg.Client;
  private readonly readers: pg.Client[];
  private readonly free: pg.Client[];
  private readonly waiting: ((client: pg.Client) => void)[] = [];

  private constructor(creator: pg.Client, lsn: Lsn, readers: pg.Client[]) {
    this.creator = creator;
    this.lsn = lsn;
    this.readers = readers;
    this.free = [...readers];
  }

  /** `connect` opens a reader's connection; the creator is closed together with the snapshot. */
  static async import(
    creator: pg.Client,
    exported: { readonly lsn: Lsn; readonly snapshot: string },
    connect: () => Promise<pg.Client>,
    count: number,
  ): Promise<ExportedSnapshot> {
    const readers: pg.Client[] = [];
    try {
      for (let index = 0; index < count; index += 1) {
        const reader = await connect();
        readers.push(reader);
        await importInto(reader, exported.snapshot);
      }
      return new ExportedSnapshot(creator, exported.lsn, readers);
    } catch (error) {
      await Promise.allSettled([creator, ...readers].map(hangUp));
      throw sourceError(error, 'import the snapshot');
    }
  }

  async *read(table: SourceTable, signal: AbortSignal): AsyncIterable<CopyChunk> {
    const client = await this.acquire();
    let complete = false;
    try {
      yield* readTable(client, table, signal);
      complete = true;
    } finally {
      // A connection left in the middle of a COPY is of no use to the next table: the whole attempt ends then.
      if (complete) this.release(client);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.readers, this.creator].map(hangUp));
  }

  private async acquire(): Promise<pg.Client> {
    const client = this.free.pop();
    return client ?? (await new Promise<pg.Client>((resolve) => this.waiting.push(resolve)));
  }

  private release(client: pg.Client): void {
    const next = this.waiting.shift();
    if (next) next(client);
    else this.free.push(client);
  }
}
