/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export const quoteIdent = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string constant; standard_conforming_strings is on in every supported server by default. */
export const quoteLiteral = (text: string): string =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;

export const quoteTable = (table: { readonly schema: string; readonly name: string }): string =>
  `${quoteIdent(table.schema)}.${quoteIdent(table.name)}`;
