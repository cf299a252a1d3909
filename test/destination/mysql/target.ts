import type { Target } from '../../../src/destination/contract.ts';
import { mysqlDialect } from '../../../src/destination/mysql/dialect.ts';
import { guessedServer } from '../../../src/destination/mysql/server.ts';
import type { Relation } from '../../../src/model/relation.ts';

const dialect = mysqlDialect(guessedServer('MariaDB'));

/** A table of our own making. */
export const targetOf = (of: Relation): Target => ({
  relation: of,
  place: dialect.place(of.target),
  codecs: dialect.codecs(of),
  columns: of.columns.map(({ name }) => dialect.quote(name)),
  ordered: null,
  bare: true,
  furtherUnique: false,
});
