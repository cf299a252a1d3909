import type { Finding, Fix } from '../model/finding.ts';
import { quoteIdent, quoteTable } from '../model/quote.ts';
import type { Facts, PublishedTable, TableFacts } from './facts.ts';
import { configFix, reporter, sourceFix } from './findings.ts';

/** One table with what the publication says about it. */
export interface TableContext {
  readonly facts: Facts;
  readonly published: PublishedTable | null;
}

type Check = (table: TableFacts, context: TableContext) => Finding[];

const full = (table: TableFacts): string => `${table.schema}.${table.name}`;
const alter = (table: TableFacts, action: string): string => `ALTER TABLE ${quoteTable(table)} ${action};`;

const KINDS: Readonly<Record<string, string>> = { v: 'a view', m: 'a materialized view', f: 'a foreign table' };
const PERSISTENCE: Readonly<Record<string, string>> = { u: 'unlogged', t: 'temporary' };

/** Only permanent tables are in the WAL. */
export const kind: Check = (table) => {
  const { block } = reporter('table_kind', full(table));
  const leaveOut = configFix('Leave it out of CDC_TABLES.');
  const what = KINDS[table.kind];
  if (what) return block(`${full(table)} is ${what}: its changes are not in the WAL`, leaveOut);
  const how = PERSISTENCE[table.persistence];
  if (!how) return [];
  const fix = table.persistence === 'u' ? sourceFix('Rewrites the table.', alter(table, 'SET LOGGED')) : leaveOut;
  return block(`${full(table)} is ${how}: its changes are not in the WAL`, fix);
};

export const selectRight: Check = (table, { facts: { server, plan } }) => {
  if (table.mayRead || plan.snapshot === 'never') return [];
  const role = quoteIdent(server.role);
  return reporter('select', full(table)).block(
    `role ${JSON.stringify(server.role)} may not read ${full(table)}, which the initial copy needs`,
    sourceFix(
      'Run as the owner of the table.',
      `GRANT USAGE ON SCHEMA ${quoteIdent(table.schema)} TO ${role};`,
      `GRANT SELECT ON TABLE ${quoteTable(table)} TO ${role};`,
    ),
  );
};

/** The stream ignores policies, the copy obeys them: rows would be missing. */
export const rowSecurity: Check = (table, { facts: { server, plan } }) => {
  if (!table.rowSecurity || plan.snapshot === 'never') return [];
  return reporter('row_security', full(table)).block(
    `row security on ${full(table)} would hide rows from the initial copy`,
    sourceFix('Run as a superuser.', `ALTER ROLE ${quoteIdent(server.role)} BYPASSRLS;`),
  );
};

const HARM = 'with updates or deletes published, PostgreSQL refuses them on this table';

function identityFix(table: TableFacts): Fix {
  const index = table.candidateIndex;
  if (index !== null)
    return sourceFix(
      'Uses the unique index as the key.',
      alter(table, `REPLICA IDENTITY USING INDEX ${quoteIdent(index)}`),
    );
  return sourceFix('A primary key is better: rows are then found by key.', alter(table, 'REPLICA IDENTITY FULL'));
}

/**
 * A published table without a replica identity makes UPDATE and DELETE fail for everybody.
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export const replicaIdentity: Check = (table, { facts: { publication } }) => {
  const { block, warn } = reporter('replica_identity', full(table));
  const key = table.primaryKey;
  if (table.identity === 'f') {
    if (key?.immediate) return [];
    return warn(
      `${full(table)} has no primary key: its rows are found by all their columns, which is slow`,
      sourceFix('Add a primary key if there is a column for it.'),
    );
  }
  if (publication && !publication.pubupdate && !publication.pubdelete) return [];
  if (table.identity === 'n') {
    const fix = key?.immediate
      ? sourceFix('Uses the primary key.', alter(table, 'REPLICA IDENTITY DEFAULT'))
      : identityFix(table);
    return block(`${full(table)} has REPLICA IDENTITY NOTHING: ${HARM}`, fix);
  }
  if (table.identity === 'i') {
    return table.identityIndex === null
      ? block(`the replica identity index of ${full(table)} is gone: ${HARM}`, identityFix(table))
      : [];
  }
  if (key === null)
    return block(`${full(table)} has no replica identity (no primary key): ${HARM}`, identityFix(table));
  return key.immediate
    ? []
    : block(`the primary key of ${full(table)} is deferrable and cannot identify rows: ${HARM}`, identityFix(table));
};

const names = (columns: TableFacts['generated']): string => columns.map((column) => column.name).join(', ');

/** https://www.postgresql.org/docs/current/logical-replication-gencols.html */
export const generatedColumns: Check = (table, { facts: { server, publication, plan }, published }) => {
  // Before 18 pg_publication_tables lists them although the stream never has them.
  const inStream = (name: string): boolean =>
    server.version >= 180000 && (published?.attnames?.includes(name) ?? false);
  const absent = table.generated.filter((column) => !inStream(column.name));
  if (absent.length === 0) return [];
  const { block, warn } = reporter('generated_columns', full(table));
  if (table.identity === 'f' && server.version >= 180000) {
    const text = `${full(table)} has REPLICA IDENTITY FULL and generated columns that are not published (${names(absent)}): PostgreSQL refuses updates and deletes`;
    const publish = `ALTER PUBLICATION ${quoteIdent(plan.publication)} SET (publish_generated_columns = stored);`;
    const able = publication !== null && absent.every((column) => !column.virtual);
    return block(text, able ? sourceFix('', publish) : sourceFix('Give the table a key and REPLICA IDENTITY DEFAULT.'));
  }
  return warn(`generated columns of ${full(table)} are not in the stream and not copied: ${names(absent)}`);
};

/** A row that an update moves into the filter arrives as an insert that may lack unchanged large values. */
export const rowFilter: Check = (table, { published }) => {
  if (!published?.rowfilter || !table.toastable || table.identity === 'f') return [];
  return reporter('row_filter', full(table)).warn(
    `${full(table)} has a row filter and large columns: a row that enters the filter may come without them and is then read from the source again`,
    sourceFix(
      'With the whole old row in the stream nothing has to be read again.',
      alter(table, 'REPLICA IDENTITY FULL'),
    ),
  );
};

export const partitions: Check = (table, { facts: { publication } }) => {
  if (table.kind !== 'p' || (publication && !publication.pubviaroot)) return [];
  return reporter('partitions', full(table)).warn(
    `${full(table)} is partitioned: TRUNCATE, DETACH and DROP of a single partition are not in the stream`,
    sourceFix('DELETE the rows first, or remove them at the destination too.'),
  );
};

/** Its copy takes so long that what the slot keeps meanwhile is worth a look. */
const BIG_BYTES = 10e9;

export const bigTable: Check = (table, { facts: { server, plan } }) => {
  if (table.bytes < BIG_BYTES || server.slot || plan.snapshot === 'never') return [];
  return reporter('big_table', full(table)).warn(
    `${full(table)} has ${Math.round(table.bytes / 1e9)} GB: its copy takes a while, and the slot keeps all WAL that is written meanwhile`,
    sourceFix(
      "See that the source's disk has room for it; a row filter of a publication of your own makes the copy smaller.",
    ),
  );
};

const CHECKS: readonly Check[] = [
  selectRight,
  rowSecurity,
  replicaIdentity,
  generatedColumns,
  rowFilter,
  partitions,
  bigTable,
];

function missing({ plan, tables, renamed }: Facts): Finding[] {
  const known = new Set(tables.map(full));
  return (plan.tables ?? [])
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const { block, warn } = reporter('table_exists', name);
      const now = renamed.get(name);
      if (now !== undefined)
        return warn(
          `table ${name} is called ${now} now; it stays replicated, because it is the same table`,
          configFix(`Name it ${now} in CDC_TABLES.`),
        );
      return block(
        `there is no table ${name} at the source`,
        configFix('Name tables in CDC_TABLES as schema.table, spelled as in the catalog.'),
      );
    });
}

/** A view or an unlogged table has no use for the other checks. */
function findingsOf(table: TableFacts, context: TableContext): Finding[] {
  const unfit = kind(table, context);
  return unfit.length > 0 ? unfit : CHECKS.flatMap((check) => check(table, context));
}

export function tableChecks(facts: Facts): Finding[] {
  const published = new Map(
    facts.publication?.tables.map((table) => [`${table.schemaname}.${table.tablename}`, table]),
  );
  const found = facts.tables.flatMap((table) =>
    findingsOf(table, { facts, published: published.get(full(table)) ?? null }),
  );
  const flawed = new Set(found.map((finding) => finding.table));
  const fine = facts.tables.filter((table) => !flawed.has(full(table))).length;
  const { ok, block } = reporter('tables');
  if (facts.tables.length === 0 && !facts.plan.tables) return block('the source has no table to replicate');
  return [
    ...missing(facts),
    ...found,
    ...(fine > 0
      ? ok(`${fine} ${fine === 1 ? 'table' : 'tables'} can be replicated as ${fine === 1 ? 'it is' : 'they are'}`)
      : []),
  ];
}
