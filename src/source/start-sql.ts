import { Pg2anyError } from '../model/error.ts';
import { formatLsn, type Lsn } from '../model/lsn.ts';
import { quoteIdent, quoteLiteral } from '../model/quote.ts';
import type { StreamOptions } from '../model/source.ts';

/**
 * Options by server version: one that the server lacks is fatal. Throws CONFIG_INVALID for what the server cannot leave out.
 * https://www.postgresql.org/docs/current/protocol-logical-replication.html
 */
export function startSql(options: StreamOptions, version: number, from: Lsn): string {
  const protocol = Math.min(
    options.protocolVersion,
    version >= 160000 ? 4 : version >= 150000 ? 3 : version >= 140000 ? 2 : 1,
  );
  const settings = [
    `proto_version '${protocol}'`,
    `publication_names ${quoteLiteral(quoteIdent(options.publication))}`,
  ];
  if (version >= 140000) settings.push("messages 'true'");
  if (options.origin === 'none') settings.push(withoutOrigin(version));
  return `START_REPLICATION SLOT ${quoteIdent(options.slot)} LOGICAL ${formatLsn(from)} (${settings.join(', ')})`;
}

function withoutOrigin(version: number): string {
  if (version >= 160000) return "origin 'none'";
  throw new Pg2anyError(
    'CONFIG_INVALID',
    `origin none needs PostgreSQL 16, the source is ${Math.floor(version / 10_000)}`,
    {
      hint: 'Without it what the source got by replication is sent on: set CDC_ORIGIN=any where nothing goes in circles.',
    },
  );
}
