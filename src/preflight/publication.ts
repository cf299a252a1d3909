import type { Finding } from '../model/finding.ts';
import { quoteIdent, quoteTable } from '../model/quote.ts';
import type { Facts, PublicationFacts, TableFacts } from './facts.ts';
import { configFix, reporter, sourceFix } from './findings.ts';

type Check = (facts: Facts) => Finding[];

const nameOf = (table: { readonly schemaname: string; readonly tablename: string }): string =>
  `${table.schemaname}.${table.tablename}`;

const fullName = (table: TableFacts): string => `${table.schema}.${table.name}`;

/** Ordinary and partitioned tables; an unlogged one after it was mended. */
const publishable = (table: TableFacts): boolean =>
  (table.kind === 'r' || table.kind === 'p') && table.persistence !== 't';

function creation({ plan, server, tables }: Facts): Finding[] {
  const { ok, block } = reporter('publication');
  const name = quoteIdent(plan.publication);
  const able = tables.filter(publishable);
  const foreign = able.filter((table) => !table.owned);
  if (server.superuser) return ok(`publication ${plan.publication} does not exist yet and will be created`);
  const scope = able.length === 0 ? 'FOR ALL TABLES' : `FOR TABLE ${able.map(quoteTable).join(', ')}`;
  if (foreign.length > 0) {
    const whose = foreign.map(fullName).join(', ');
    return block(
      `publication ${plan.publication} does not exist, and role ${JSON.stringify(server.role)} does not own ${whose}, so it cannot create it`,
      sourceFix(
        'Run as a superuser or the owner of the tables.',
        `CREATE PUBLICATION ${name} ${scope} WITH (publish_via_partition_root = true);`,
      ),
    );
  }
  if (server.createInDatabase) return ok(`publication ${plan.publication} does not exist yet and will be created`);
  return block(
    `role ${JSON.stringify(server.role)} may not create publication ${plan.publication} in database ${server.database}`,
    sourceFix(
      'Run as the owner of the database.',
      `GRANT CREATE ON DATABASE ${quoteIdent(server.database)} TO ${quoteIdent(server.role)};`,
    ),
  );
}

export const exists: Check = (facts) =>
  facts.publication
    ? reporter('publication').ok(`publication ${facts.plan.publication} exists with ${count(facts.publication)}`)
    : creation(facts);

const count = (publication: PublicationFacts): string =>
  publication.puballtables
    ? 'all tables'
    : `${publication.tables.length} ${publication.tables.length === 1 ? 'table' : 'tables'}`;

export const operations: Check = ({ publication, plan }) => {
  if (!publication) return [];
  const { pubinsert, pubupdate, pubdelete, pubtruncate } = publication;
  const kinds = { insert: pubinsert, update: pubupdate, delete: pubdelete, truncate: pubtruncate };
  const missing = Object.entries(kinds).filter(([, published]) => !published);
  if (missing.length === 0) return [];
  return reporter('publication_operations').warn(
    `publication ${plan.publication} does not publish ${missing.map(([kind]) => kind).join(', ')}: the destination will differ`,
    sourceFix(
      'Unless that is meant.',
      `ALTER PUBLICATION ${quoteIdent(plan.publication)} SET (publish = 'insert, update, delete, truncate');`,
    ),
  );
};

/** Listed tables that the publication does not hold. */
export const membership: Check = ({ publication, plan, tables }) => {
  if (!publication || !plan.tables) return [];
  const published = new Set(publication.tables.map(nameOf));
  const missing = tables
    .filter((table) => (table.kind === 'p' ? publication.pubviaroot : table.kind === 'r'))
    .filter((table) => table.persistence === 'p')
    .filter((table) => !published.has(fullName(table)));
  return missing.flatMap((table) =>
    reporter('publication_tables', fullName(table)).block(
      `${fullName(table)} is not in publication ${plan.publication}`,
      table.isPartition
        ? configFix(
            'Replicate the partitioned table it belongs to, or use a publication without publish_via_partition_root.',
          )
        : sourceFix(
            'Before the first start, or a new copy of the table is made.',
            `ALTER PUBLICATION ${quoteIdent(plan.publication)} ADD TABLE ${quoteTable(table)};`,
          ),
    ),
  );
};

/** Without it changes arrive under the partitions' names, where a list of tables does not look for them. */
export const viaRoot: Check = ({ publication, plan, tables }) => {
  if (!publication || publication.pubviaroot || !tables.some((table) => table.kind === 'p' || table.isPartition))
    return [];
  const { block, warn } = reporter('publish_via_partition_root');
  const text = `publication ${plan.publication} publishes partitions as tables of their own`;
  const fix = sourceFix(
    'For one destination table per partitioned table; before the first start.',
    `ALTER PUBLICATION ${quoteIdent(plan.publication)} SET (publish_via_partition_root = true);`,
  );
  const hidden = tables.filter((table) => plan.tables !== null && table.kind === 'p').map(fullName);
  if (hidden.length > 0) return block(`${text}: no change of ${hidden.join(', ')} would arrive under that name`, fix);
  return warn(`${text}: each becomes a destination table`, fix);
};

export const PUBLICATION_CHECKS: readonly Check[] = [exists, operations, membership, viaRoot];
