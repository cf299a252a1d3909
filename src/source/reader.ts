import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { quoteIdent, quoteTable } from '../model/quote.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { CopyChunk, SourceTable } from '../model/source.ts';
import type { Row } from '../model/value.ts';
import { createCopyDecoder } from '../pgoutput/copy-text.ts';
import { isUnencoded } from './connection.ts';
import { sourceError } from './errors.ts';
import { inTurn, queryOn } from './query.ts';

/** What of a table is replicated: its published columns, and the rows that the publication's filter lets pass. */
export type ReadableTable = Pick<SourceTable, 'relation' | 'kind' | 'rowFilter'>;

const columnList = (relation: Relation): string =>
  relation.columns.map((column) => quoteIdent(column.nowCalled ?? column.name)).join(', ');

/** Children of plain inheritance are tables of their own; partitions belong to their root. */
const from = (table: ReadableTable): string =>
  `${table.kind === 'partitioned' ? '' : 'ONLY '}${quoteTable(table.relation)}`;

/** `raw`: bytes as they are stored, whatever the session's encoding is. */
export function copySql(table: ReadableTable, raw = false): string {
  const where = table.rowFilter ? ` WHERE ${table.rowFilter}` : '';
  const options = raw ? " (ENCODING 'SQL_ASCII')" : '';
  return `COPY (SELECT ${columnList(table.relation)} FROM ${from(table)}${where}) TO STDOUT${options}`;
}

/** All rows of a table on this connection's snapshot. The connection is unusable after an early end. */
export async function* readTable(
  client: pg.Client,
  table: ReadableTable,
  signal: AbortSignal,
): AsyncIterable<CopyChunk> {
  const doing = `copy ${relationName(table.relation)}`;
  // The server would end the copy where it is not UTF-8, without saying in which row.
  const raw = await isUnencoded(queryOn(client, doing));
  const stream = client.query(copyTo(copySql(table, raw)));
  const decoder = createCopyDecoder({ table: relationName(table.relation), columns: table.relation.columns.length });
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      let bytes = chunk.length;
      for (const rows of decoder.push(chunk)) {
        yield { rows, bytes };
        bytes = 0;
      }
    }
    decoder.end();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw sourceError(error, doing);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One row by its key, as of now; null when there is none (or none that passes the row filter). */
export async function findRow(client: pg.Client, table: ReadableTable, key: Row): Promise<Row | null> {
  const { relation } = table;
  const names = relation.key.map((index) =>
    quoteIdent(relation.columns[index]?.nowCalled ?? relation.columns[index]?.name ?? ''),
  );
  // Comparing through the column's own type: the text alone would not find 1.0 by 1.00.
  const match = relation.key.map(
    (column, position) => `${names[position]} = $${position + 1}::${typeName(relation, column)}`,
  );
  const filter = table.rowFilter ? [`(${table.rowFilter})`] : [];
  const sql = `SELECT ${columnList(relation)} FROM ${from(table)} WHERE ${[...match, ...filter].join(' AND ')} LIMIT 1`;
  try {
    const result = await inTurn(client, () => client.query({ text: sql, values: [...key], rowMode: 'array' }));
    return (result.rows[0] as Row | undefined) ?? null;
  } catch (error) {
    throw sourceError(error, `read a row of ${relationName(relation)}`);
  }
}

function typeName(relation: Relation, index: number): string {
  const type = relation.columns[index]?.type;
  return type ? `${quoteIdent(type.schema)}.${quoteIdent(type.name)}` : 'text';
}
