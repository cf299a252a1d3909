import { type Connection, createConnection, type TypeCastField, type TypeCastNext } from 'mysql2/promise';
import { type FreshDatabase, freshDatabase } from '../support/services.ts';
import { OPTIONS, openDestination } from './open.ts';
import type { Cells, Place } from './place.ts';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** BINARY flag of a result column without a character set: bytes, and not text. */
const BYTES = new Set(['TINY_BLOB', 'MEDIUM_BLOB', 'LONG_BLOB', 'BLOB', 'STRING', 'VAR_STRING']);

/** The server's own text of every value, whatever its type; bytes in hexadecimal. */
function asText(field: TypeCastField, _: TypeCastNext): string | null {
  if (BYTES.has(field.type) && isBinary(field)) return field.buffer()?.toString('hex') ?? null;
  return field.string('utf8');
}

/** mysql2 tells the encoding of a column, which is `binary` for what has no character set. */
const isBinary = (field: TypeCastField): boolean =>
  (field as unknown as { readonly encoding?: string }).encoding === 'binary';

/** A database of its own on a shared server; schemas that tests map to are databases beside it. */
export async function mysqlPlace(engine: 'mysql' | 'mariadb', server: { readonly url: string }): Promise<Place> {
  const database = await freshDatabase(server);
  const connection = await createConnection({ uri: database.url, charset: 'utf8mb4', typeCast: asText });
  const schemas = new Set<string>();
  const query = async (sql: string): Promise<Cells[]> => {
    const [rows] = await connection.query({ sql, rowsAsArray: true });
    return rows as unknown as Cells[];
  };
  return {
    engine,
    types: { integer: 'BIGINT', text: 'LONGTEXT', keyText: 'VARCHAR(100)' },
    open: (options) => openDestination(engine, { ...OPTIONS, url: new URL(database.url), ...options }),
    quote,
    table: ({ target }) => `${quote(target.schema ?? database.name)}.${quote(target.name)}`,
    schema: (name) => {
      schemas.add(`${database.name}_${name}`);
      return `${database.name}_${name}`;
    },
    query,
    exec: async (sql) => void (await connection.query(sql)),
    close: () => drop(connection, database, schemas),
  };
}

async function drop(connection: Connection, database: FreshDatabase, schemas: ReadonlySet<string>): Promise<void> {
  for (const schema of schemas) await connection.query(`DROP DATABASE IF EXISTS ${quote(schema)}`);
  await connection.end();
  await database.drop();
}
