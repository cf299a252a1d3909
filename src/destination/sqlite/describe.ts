import { Pg2anyError } from '../../model/error.ts';
import type { Cell, ExistingColumn, ExistingTable, Place, Session, UniqueIndex } from '../contract.ts';
import { folded } from './dialect.ts';

type Found = readonly (readonly Cell[])[];

/**
 * A table as the file has it. Foreign keys are not reported: `foreign_keys` is off on our connections, so they neither
 * refuse nor cascade what we write, and the source has checked its own.
 */
export async function describeTable(session: Session, place: Place): Promise<ExistingTable | null> {
  const [found] = await session.rows(
    "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE AND type <> 'index'",
    [place.name],
  );
  if (found === undefined) return null;
  if (found[0] !== 'table') throw new Pg2anyError('TABLE_MISMATCH', `${place.name} is a ${found[0]}, not a table`);
  const columns = await session.rows(
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)',
    [place.name],
  );
  const indexes = await uniqueIndexes(session, place.name);
  const rowid = rowidKey(columns);
  const numbered = rowid && !indexes.some(({ index }) => index.primary) ? rowid : null;
  const collations = new Map(indexes.flatMap(({ collations }) => collations));
  return {
    columns: columns.map((column) => ({
      ...existingColumn(column, collations),
      numbersItself: numbered?.columns.includes(column[0] ?? '') ?? false,
    })),
    uniques: [...(numbered ? [numbered] : []), ...indexes.map((i) => i.index)],
    foreignKeys: [],
    triggers: await triggers(session, place.name),
  };
}

function existingColumn([name, type, notNull, fallback, pk, hidden]: readonly Cell[], collations: Map<string, string>) {
  return {
    name: name ?? '',
    type: (type ?? '').toLowerCase(),
    collation: collations.get(folded(name ?? '')) ?? null,
    nullable: notNull === '0' && pk === '0',
    hasDefault: fallback !== null,
    generated: hidden === '2' || hidden === '3',
  } satisfies ExistingColumn;
}

/** INTEGER PRIMARY KEY is the rowid and has no index. */
function rowidKey(columns: Found): UniqueIndex | null {
  const key = columns
    .filter(([, , , , pk]) => pk !== '0')
    .sort((a, b) => Number(a[4]) - Number(b[4]))
    .map(([name]) => name ?? '');
  return key.length === 0 ? null : { name: 'primary key', columns: key, primary: true };
}

interface FoundIndex {
  readonly index: UniqueIndex;
  readonly collations: readonly (readonly [column: string, collation: string])[];
}

async function uniqueIndexes(session: Session, table: string): Promise<FoundIndex[]> {
  const list = await session.rows('SELECT name, origin, partial FROM pragma_index_list(?) WHERE "unique" = 1', [table]);
  return Promise.all(
    list.map(async ([name, origin, partial]) => {
      const parts = await session.rows('SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno', [
        name ?? '',
      ]);
      // an index over an expression has no column name; one with a WHERE binds only some rows
      const whole = partial === '0' && parts.every(([column]) => column !== null);
      return {
        index: {
          name: name ?? '',
          columns: whole ? parts.map(([column]) => column ?? '') : [],
          primary: origin === 'pk',
        },
        collations: parts.map(([column, collation]) => [folded(column ?? ''), collation ?? 'BINARY'] as const),
      };
    }),
  );
}

async function triggers(session: Session, table: string): Promise<string[]> {
  const found = await session.rows(
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE",
    [table],
  );
  return found.map(([name]) => name ?? '');
}
