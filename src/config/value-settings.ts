import { type ProblemClass, TYPE_CHOICES, type TypeOption } from '../model/mapping.ts';
import { choice } from './kinds.ts';
import { type Setting, setting } from './setting.ts';
import { columns, policies } from './value-kinds.ts';

const option = <K extends TypeOption>(
  name: K,
  env: string,
  doc: string,
): Setting<(typeof TYPE_CHOICES)[K][number], (typeof TYPE_CHOICES)[K][number]> =>
  setting({
    kind: choice(TYPE_CHOICES[name]) as never,
    env: [env],
    fallback: TYPE_CHOICES[name][0],
    doc,
  });

const CLASSES: Readonly<Partial<Record<ProblemClass, string>>> = {
  INFINITE_DATETIME: '±infinity of date and timestamp',
  BC_DATE: 'years before 1',
  YEAR_GT_9999: 'years after 9999',
  TIME_24: '24:00:00',
  TIME_PRECISION: 'more digits of a second than a column of an override holds',
  FLOAT_NAN: 'NaN',
  FLOAT_INFINITY: '±Infinity',
  NUMERIC_NAN: 'NaN',
  NUMERIC_INFINITY: '±Infinity',
  NUMERIC_OVERFLOW: 'too many digits before the point',
  NUMERIC_SCALE: 'too many digits after it',
  TEXT_TOO_LONG: 'text or bytes beyond the length of an override',
  TEXT_FORM: 'text that a column of an override would change, such as a space at the end of a CHAR',
  UNKNOWN_LABEL: 'a label that a native ENUM does not have',
  JSON_DEPTH: 'JSON nested too deeply for a native JSON column',
  JSON_NUMBER_PRECISION: 'a number that a native JSON column would round',
  GEOMETRY_FORM: 'a geometry with Z or M, an empty point and the like in a native column',
  PACKET_TOO_LARGE:
    'the longest values of a row that is larger than max_allowed_packet, or of an event larger than kafka.maxMessageBytes; `error` or `null`, only where it is named',
};

const classes = Object.entries(CLASSES)
  .map(([name, what]) => `\`${name}\` (${what})`)
  .join(', ');

/** How values are mapped. `${name}` in `columns` overrides `types.${name}`. */
export const VALUE_SETTINGS = {
  'types.numericUnbounded': option(
    'numericUnbounded',
    'CDC_TYPES_NUMERIC_UNBOUNDED',
    '`numeric` without a declared precision: `decimal` is DECIMAL(65,30) at MySQL and MariaDB, decimal(38,20) at SQL Server, and refuses wider values; `text` keeps every value as text; `auto` looks at the widest values of the table when it is created, and takes text where they do not fit. SQLite always keeps text.',
  ),
  'types.json': option(
    'json',
    'CDC_TYPES_JSON',
    '`jsonb` as `text` (verbatim) or in the `native` JSON type, which does not keep how numbers are written. `json` stays text unless a column asks for it.',
  ),
  'types.enum': option(
    'enum',
    'CDC_TYPES_ENUM',
    'Enums as `varchar` or as a `native` ENUM, which is altered when the source adds a label.',
  ),
  'types.arrays': option('arrays', 'CDC_TYPES_ARRAYS', 'Arrays as `json` or as PostgreSQL writes them (`pgtext`).'),
  'types.composite': option(
    'composite',
    'CDC_TYPES_COMPOSITE',
    'Row types as PostgreSQL writes them (`pgtext`) or as a `json` object.',
  ),
  'types.timestamptz': option(
    'timestamptz',
    'CDC_TYPES_TIMESTAMPTZ',
    '`timestamptz` is kept in UTC: as the type that the destination has for moments (`utc`), or at SQL Server as a `datetime2` without an offset.',
  ),
  'types.uuid': option(
    'uuid',
    'CDC_TYPES_UUID',
    '`uuid` as text (`char36`), as 16 bytes (`binary16`), or in the `native` type of MariaDB, which refuses values that are no RFC 4122 variant. SQL Server has a `uniqueidentifier` for both `char36` and `native`.',
  ),
  'types.geometry': option(
    'geometry',
    'CDC_TYPES_GEOMETRY',
    'PostGIS values as hexadecimal `ewkb` text, or in a `native` GEOMETRY column, which holds two dimensions.',
  ),
  'types.keysText': option(
    'keysText',
    'CDC_TYPES_KEYS_TEXT',
    'Text in keys: `varchar`, at most 768 characters (SQL Server 850, and none that ends with a space) for all text columns of a key together; `hash` keeps any text and makes the primary key over a SHA-256 of the key.',
  ),
  policies: setting({
    kind: policies,
    env: ['CDC_POLICIES'],
    fallback: null,
    fallbackText: '`default:error`',
    doc: `What becomes of values that a destination column cannot hold, by class, and \`default\` for the others: \`error\` stops; \`null\` and \`clamp\` write NULL or the nearest value and keep the original in \`pg2any_lost_values\`; \`text\` makes it a text column. \`INFINITE_DATETIME:clamp,NUMERIC_NAN:null\` (a mapping in YAML). Keys always stop. Classes: ${classes}.`,
  }),
  columns: setting({
    kind: columns,
    env: ['CDC_COLUMNS'],
    fallback: null,
    fallbackText: 'no column differs',
    doc: 'What differs for single columns, by `schema.table.column`: `type` (a type of the destination, in place of the mapping), `policy` (for all classes, or a mapping as in `policies`), and any of the options of `types`. In a variable as JSON: `{"public.t.c": {"type": "VARCHAR(200)", "policy": "null"}}`.',
  }),
} as const;
