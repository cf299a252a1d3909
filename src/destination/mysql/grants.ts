/** What is needed on every database that takes tables. */
const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'DROP'];

const GRANT = /^GRANT (.+?) ON (\*|`(?:[^`]|``)*`)\.(\*|`(?:[^`]|``)*`) TO /;

interface Grant {
  readonly privileges: readonly string[];
  readonly database: string;
  readonly wholeDatabase: boolean;
}

const unquoted = (name: string): string => (name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name);

function parse(line: string): Grant | null {
  const [, privileges, database, table] = GRANT.exec(line) ?? [];
  if (privileges === undefined || database === undefined || table === undefined) return null;
  return { privileges: privileges.split(/,\s*/), database: unquoted(database), wholeDatabase: table === '*' };
}

/** In a grant, `%` and `_` stand for others unless a backslash goes before them. */
function covers(pattern: string, database: string): boolean {
  if (pattern === '*') return true;
  const source = pattern.replace(/\\?[\s\S]/g, (part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    return part.slice(-1).replace(/[^\w]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's').test(database);
}

const concerns = (line: string, database: string): boolean => covers(parse(line)?.database ?? '', database);

/**
 * The privileges that these lines of SHOW GRANTS do not give on a database. Null where that cannot be told: roles may
 * give more, and so may grants on single tables.
 * https://dev.mysql.com/doc/refman/8.4/en/grant.html, https://mariadb.com/kb/en/grant/
 */
export function missingPrivileges(lines: readonly string[], database: string): readonly string[] | null {
  if (lines.some((line) => /^GRANT /.test(line) && !/ ON /.test(line))) return null;
  const relevant = lines.filter((line) => concerns(line, database)).flatMap((line) => parse(line) ?? []);
  const given = new Set(relevant.flatMap((grant) => (grant.wholeDatabase ? grant.privileges : [])));
  if (given.has('ALL PRIVILEGES')) return [];
  const missing = NEEDED.filter((privilege) => !given.has(privilege));
  return missing.length > 0 && relevant.some(({ wholeDatabase }) => !wholeDatabase) ? null : missing;
}
