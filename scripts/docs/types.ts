import type { ColumnCodec, Dialect } from '../../src/destination/contract.ts';
import { mysqlDialect } from '../../src/destination/mysql/dialect.ts';
import { guessedServer } from '../../src/destination/mysql/server.ts';
import { type ProblemClass, ValueProblem } from '../../src/destination/problem.ts';
import { sqliteDialectWith } from '../../src/destination/sqlite/dialect.ts';
import { sqlServerDialect } from '../../src/destination/sqlserver/dialect.ts';
import { GUESSED } from '../../src/destination/sqlserver/server.ts';
import { type Family, family } from '../../src/destination/values/family.ts';
import { DEFAULT_RULES } from '../../src/model/mapping.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type EngineName, type Expectation, typeOf, type Vector, vectors } from '../../test/support/type-vectors.ts';
import { choicesTable, type Rule } from './type-choices.ts';
import { SAMPLES, type Sample } from './type-samples.ts';

const ENGINES: Readonly<Record<EngineName, { readonly title: string; readonly withRules: Rule }>> = {
  mysql: { title: 'MySQL', withRules: (rules) => mysqlDialect(guessedServer('MySQL'), rules) },
  mariadb: { title: 'MariaDB', withRules: (rules) => mysqlDialect(guessedServer('MariaDB'), rules) },
  sqlserver: { title: 'SQL Server', withRules: (rules) => sqlServerDialect(GUESSED, rules) },
  sqlite: { title: 'SQLite', withRules: sqliteDialectWith },
};
const NAMES = Object.keys(ENGINES) as EngineName[];
const LINES = Object.entries(SAMPLES) as [Family, readonly Sample[]][];

const PROBLEMS: Partial<Record<ProblemClass, string>> = {
  INFINITE_DATETIME: '`infinity` and `-infinity` as a date or timestamp',
  BC_DATE: 'a date or timestamp before the year 1',
  YEAR_GT_9999: 'a date or timestamp after the year 9999',
  TIME_24: '`24:00:00` as a time',
  FLOAT_NAN: '`NaN` as real or double precision',
  FLOAT_INFINITY: '`Infinity` and `-Infinity` as real or double precision',
  NUMERIC_NAN: '`NaN` as numeric',
  NUMERIC_INFINITY: '`Infinity` and `-Infinity` as numeric',
  NUMERIC_OVERFLOW: 'more digits before the point than the column has',
  NUMERIC_SCALE: 'more digits after the point than the column has; zeros at the end do not count',
};
const ELSEWHERE = `| TEXT_KEY_TOO_LONG | a text or bytea of a key that is longer than the key can be |
| SPACE_KEY | at SQL Server, a text of a key that ends with a space: it ignores spaces there |
| ZERO_KEY | at SQL Server, a bytea of a key that is empty or ends with a zero byte: it ignores them there |
| PACKET_TOO_LARGE | a value of a row that is larger than the server's \`max_allowed_packet\`, or of an event larger than \`kafka.maxMessageBytes\` |`;

/** How a value lives on, in the words of the page. */
type Kept = 'exactly' | 'as text' | 'as JSON';

/** Types that are text themselves. */
const TEXT: ReadonlySet<Family> = new Set<Family>([
  ...(['char', 'varchar', 'text', 'name', 'enum', 'quotedChar', 'json', 'jsonb', 'xml'] as const),
]);

function kept(kind: Family, { storage, ddl, note }: ColumnCodec): Kept {
  if (note?.startsWith('a JSON')) return 'as JSON';
  return storage !== 'text' || TEXT.has(kind) || /^(DATE|TIME|UNIQUEIDENTIFIER)/i.test(ddl) ? 'exactly' : 'as text';
}

function codecOf(dialect: Dialect, { type }: Sample, identity: 'key' | 'none'): ColumnCodec {
  const relation: Relation = {
    oid: 0,
    schema: 'public',
    name: 'sample',
    target: { schema: null, name: 'sample' },
    replicaIdentity: 'default',
    columns: [{ name: 'value', type, notNull: false, attnum: 1 }],
    identity,
    key: identity === 'key' ? [0] : [],
  };
  const [codec] = dialect.codecs(relation);
  if (!codec) throw new Error(`no codec for ${type.display}`);
  return codec;
}

/** Character sets are the same everywhere, and the text above the table names them. */
const shortDdl = ({ ddl }: ColumnCodec): string => ddl.replace(/ CHARACTER SET ascii| COLLATE \w+/g, '');

function refused({ encode }: ColumnCodec, { texts }: Sample): readonly ProblemClass[] {
  const found = texts.flatMap((text) => {
    try {
      encode(text);
      return [];
    } catch (error) {
      if (error instanceof ValueProblem && PROBLEMS[error.problem]) return [error.problem];
      throw error;
    }
  });
  return [...new Set(found)];
}

const code = (text: string): string => {
  const shown = text.length > 42 ? `${text.slice(0, 40)}…` : text;
  return shown === '' ? '(empty)' : `\`${shown.replaceAll('|', '\\|')}\``;
};

const vectorsOf = (kind: Family, { covers }: Sample): readonly Vector[] =>
  vectors.filter((vector) => {
    const type = typeOf(vector);
    return family(type) === kind && covers(type);
  });

/** Bytes are sent in hexadecimal, and stored as bytes. */
const stored = ({ storage, encode }: ColumnCodec, text: string): string =>
  storage === 'bytes' ? `the bytes ${code(encode(text))}` : code(encode(text));

interface Line {
  readonly kept: Kept;
  readonly vectors: readonly Vector[];
  readonly text: string;
}

/** Throws where the line does not say why. */
function isRefused({ unrepresentable }: Expectation, problems: readonly string[], { title }: Sample): boolean {
  if (unrepresentable === undefined) return false;
  if (problems.includes(unrepresentable)) return true;
  throw new Error(`the line of ${title} lacks ${unrepresentable}, which a vector of it is refused by`);
}

function lineOf(engine: EngineName, kind: Family, sample: Sample): Line {
  const dialect = ENGINES[engine].withRules(DEFAULT_RULES);
  const [codec, inKey] = [codecOf(dialect, sample, 'none'), codecOf(dialect, sample, 'key')];
  const key = shortDdl(inKey) === shortDdl(codec) ? '' : `; in a key \`${shortDdl(inKey)}\``;
  const [example] = sample.texts;
  const how = kept(kind, codec);
  const note = codec.note && how !== 'as JSON' ? `; ${codec.note.replace(/^(exact, )?kept as text: /, '')}` : '';
  const found = vectorsOf(kind, sample);
  const problems: readonly string[] = refused(codec, sample);
  const no = found.filter((vector) => isRefused(vector[engine], problems, sample)).length;
  const count = no === 0 ? `${found.length}` : `${found.length - no} kept, ${no} refused`;
  const cells = [
    sample.title,
    `\`${shortDdl(codec)}\`${key}`,
    `${how}${note}`,
    code(example),
    stored(codec, example),
    problems.join(', ') || '–',
    count,
  ];
  return { kept: how, vectors: found, text: `| ${cells.join(' | ')} |` };
}

/** Throws where a vector stands behind no line, or behind two. */
function linesOf(engine: EngineName): readonly Line[] {
  const lines = LINES.flatMap(([kind, samples]) => samples.map((sample) => lineOf(engine, kind, sample)));
  const behind = lines.flatMap((line) => line.vectors);
  const wrong = vectors.find((vector) => behind.filter((one) => one === vector).length !== 1);
  if (wrong) throw new Error(`vector ${wrong.id} (${wrong.pgType}) does not stand behind exactly one line of the page`);
  return lines;
}

const HEAD = `| PostgreSQL | column | kept | PostgreSQL prints | stored | refused | vectors |
|---|---|---|---|---|---|---|`;

/** Engines with the same table share it. */
function sections(): string {
  const tables = new Map<string, string[]>();
  for (const name of NAMES) {
    const text = linesOf(name)
      .map((line) => line.text)
      .join('\n');
    tables.set(text, [...(tables.get(text) ?? []), ENGINES[name].title]);
  }
  return [...tables].map(([text, titles]) => `## ${titles.join(' and ')}\n\n${HEAD}\n${text}\n`).join('\n');
}

function summary(): string {
  const rows = NAMES.map((name) => {
    const lines = linesOf(name);
    const count = (how: Kept): number =>
      lines
        .filter((line) => line.kept === how)
        .flatMap((line) => line.vectors)
        .filter((vector) => vector[name].unrepresentable === undefined).length;
    const no = vectors.filter((vector) => vector[name].unrepresentable !== undefined).length;
    return `| ${[ENGINES[name].title, count('exactly'), count('as text'), count('as JSON'), no, vectors.length].join(' | ')} |`;
  });
  return `| | kept exactly | kept as text | kept as JSON | refused | vectors |\n|---|---|---|---|---|---|\n${rows.join('\n')}`;
}

const intro = (): string => `<!-- Generated by scripts/docs.ts from the mapping that the program uses; do not edit. -->

# Types

What every PostgreSQL type becomes, and what happens to values that have no counterpart. A value either arrives as
this page says or stops the pipeline with \`VALUE_UNREPRESENTABLE\`, which names table, key, column and value; it is never
rounded, shortened or replaced silently. The encoder of each column decides that before any byte is sent, so that loads
and statements accept exactly the same values.

- **exactly**: in a type of the destination that holds the same values, or as the text that it is.
- **as text**: PostgreSQL's own text of it, which the destination cannot calculate with.
- **as JSON**: arrays and hstore. Numbers keep all their digits; NULL is \`null\`, also beside a JSON \`null\` in json[] and
  jsonb[]. An array with other lower bounds than 1 is one JSON string with the whole literal.

Domains are what they are made of. Trailing blanks of char(n) mean nothing in PostgreSQL and are not stored. −0 of a
floating-point number may arrive as 0, which is equal to it. Times of day and timestamps have the declared number of
digits after the second, 6 where none is declared.

${summary()}

A vector is a value with the text that must be found at the destination; all of them travel through the initial copy and
the stream, by bulk loads and by statements, in inserts, updates and deletes (\`test/contract/\`, \`test/vectors/\`). Vectors
of pgvector and PostGIS are proved from their text on, because few servers have these extensions. Beside them,
\`test/properties/\` lets PostgreSQL print hundreds of new values of every type in every run.

Columns outside of the key take NULL. Text of SQL Server is UTF-16 with the collation \`Latin1_General_100_BIN2\`, under which only
spaces at the end do not count, so that keys must not have any. Text of MySQL is \`utf8mb4\` with the collation \`utf8mb4_0900_bin\`, that of MariaDB
\`utf8mb4_nopad_bin\`, and what consists of ASCII only is \`ascii_bin\`: nothing that PostgreSQL tells apart is equal there.

`;

/** docs/types.md, by asking the encoders themselves. */
export const typesPage = (): string => `${intro()}${sections()}
## What is refused

| class | values |
|---|---|
${Object.entries(PROBLEMS)
  .map(([problem, what]) => `| ${problem} | ${what} |`)
  .join('\n')}
${ELSEWHERE}

That is so by default. The setting \`policies\` replaces such values by NULL or by the nearest value, by class or column,
and keeps every original in \`pg2any_lost_values\`; or it makes the column a text column ([configuration.md](configuration.md)).

## What can be chosen

Options of \`types\`, for the pipeline or for single columns; the first of each is the default. A column may also have any
other type that holds its values: what such a type cannot hold is refused by the encoder, and a type that would change
values is refused at once.

${choicesTable(NAMES.map((name) => ENGINES[name]))}
`;
