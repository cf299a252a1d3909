import { type Connection, createConnection, type FieldPacket } from 'mysql2/promise';
import { type FreshDatabase, freshDatabase } from '../support/services.ts';
import { OPTIONS, openDestination } from './open.ts';
import type { Cells, Place } from './place.ts';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Protocol numbers of VARCHAR, the BLOBs and CHAR, and the character set that makes them bytes. */
const TEXT_OR_BYTES = new Set([15, 249, 250, 251, 252, 253, 254]);
const BINARY = 63;

/** The server's own text of every value, whatever its type; bytes in hexadecimal. */
const text = (value: unknown, field: FieldPacket | undefined): string | null => {
  if (!Buffer.isBuffer(value)) return null;
  const { columnType, characterSet } = field as unknown as { columnType: number; characterSet: number };
  return value.toString(TEXT_OR_BYTES.has(columnType) && characterSet === BINARY ? 'hex' : 'utf8');
};

/** A database of its own on a shared server; schemas that tests map to are databases beside it. */
export async function mysqlPlace(engine: 'mysql' | 'mariadb', server: { readonly url: string }): Promise<Place> {
  const database = await freshDatabase(server);
  const connection = await createConnection({
    uri: database.url,
    charset: 'utf8mb4',
    typeCast: (field) => field.buffer(),
  });
  const schemas = new Set<string>();
  const query = async (sql: string): Promise<Cells[]> => {
    const [rows, fields] = await connection.query({ sql, rowsAsArray: true });
    return (rows as unknown[][]).map((row) => row.map((value, i) => text(value, fields[i])));
  };
  return {
    engine,
    url: new URL(database.url),
    types: {
      integer: 'BIGINT',
      text: 'LONGTEXT',
      keyText: `VARCHAR(100) COLLATE ${engine === 'mysql' ? 'utf8mb4_0900_bin' : 'utf8mb4_nopad_bin'}`,
    },
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
