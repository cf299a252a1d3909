import { Pg2anyError } from '../../model/error.ts';
import type { Cell, ExistingTable, Place, Session, UniqueIndex } from '../contract.ts';
import { withoutHashes } from '../hashed.ts';
import { hashedColumn } from './hashed-key.ts';
import type { Server } from './server.ts';

type Found = readonly (readonly Cell[])[];

/** A table as the server has it, null where there is none. Throws TABLE_MISMATCH where the name is something else. */
export async function describeTable(session: Session, place: Place, server: Server): Promise<ExistingTable | null> {
  const found = await session.rows(
    `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?`,
    [place.schema, place.name],
  );
  // on some servers these names are compared more loosely than those of tables
  const table = found.find(([, name]) => sameTable(name ?? '', place.name, server));
  if (!table) return null;
  const [schema = null, name = null, type, engine] = table;
  if (type !== 'BASE TABLE') throw new Pg2anyError('TABLE_MISMATCH', `${place.sql} is a ${type?.toLowerCase()}`);
  if (engine !== 'InnoDB')
    throw new Pg2anyError('TABLE_MISMATCH', `${place.sql} is kept by ${engine}, which has no transactions`, {
      hint: `ALTER TABLE ${place.sql} ENGINE=InnoDB`,
    });
  const at = [schema, name];
  return {
    ...withoutHashes({ columns: await columns(session, at, server), uniques: await uniques(session, at) }),
    foreignKeys: await foreignKeys(session, at),
    triggers: await triggers(session, at),
  };
}

const sameTable = (found: string, wanted: string, { tableCase }: Server): boolean =>
  found === wanted || (!tableCase && found.toLowerCase() === wanted.toLowerCase());

async function columns(session: Session, at: readonly Cell[], { flavour }: Server) {
  const found = await session.rows(
    `SELECT COLUMN_NAME, COLUMN_TYPE, COLLATION_NAME, IS_NULLABLE, COLUMN_DEFAULT, EXTRA,
       GENERATION_EXPRESSION FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    at,
  );
  return found.map(([name, type, collation = null, nullable, fallback, extra, expression = null]) => ({
    name: name ?? '',
    // the labels of an ENUM are told apart by case
    type: /^enum\(/i.test(type ?? '') ? (type ?? '') : (type ?? '').toLowerCase(),
    collation,
    nullable: nullable === 'YES',
    // MariaDB writes the word NULL where a nullable column has no default
    hasDefault:
      /auto_increment/i.test(extra ?? '') ||
      (fallback !== null && fallback !== undefined && !(flavour === 'MariaDB' && fallback === 'NULL')),
    numbersItself: /auto_increment/i.test(extra ?? ''),
    generated: /(virtual|stored|persistent)( generated)?/i.test(extra ?? ''),
    hashes: hashedColumn(name ?? '', expression),
  }));
}

async function uniques(session: Session, at: readonly Cell[]): Promise<UniqueIndex[]> {
  const found = await session.rows(
    `SELECT INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0 ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    at,
  );
  return [...new Set(found.map(([index]) => index ?? ''))].map((name) => uniqueIndex(name, found));
}

function uniqueIndex(name: string, found: Found): UniqueIndex {
  const parts = found.filter(([index]) => index === name);
  // an index over an expression has no column name, one over the beginning of a column a length
  const whole = parts.every(([, column, length]) => column !== null && length === null);
  return { name, columns: whole ? parts.map(([, column]) => column ?? '') : [], primary: name === 'PRIMARY' };
}

async function foreignKeys(session: Session, [schema = null, name = null]: readonly Cell[]): Promise<string[]> {
  const found = await session.rows(
    `SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
     WHERE (CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?) OR (UNIQUE_CONSTRAINT_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?)`,
    [schema, name, schema, name],
  );
  return found.map(([constraint]) => constraint ?? '');
}

async function triggers(session: Session, at: readonly Cell[]): Promise<string[]> {
  const found = await session.rows(
    `SELECT TRIGGER_NAME FROM information_schema.TRIGGERS
     WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?`,
    at,
  );
  return found.map(([trigger]) => trigger ?? '');
}
