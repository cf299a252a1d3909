/** What columns are made of: each with several values that a destination must tell apart. */
export const COLUMN_TYPES = [
  'smallint',
  'integer',
  'bigint',
  'numeric(8,2)',
  'numeric(16,2)',
  'numeric(20,6)',
  'numeric(28,6)',
  'double precision',
  'boolean',
  'varchar(16)',
  'varchar(30)',
  'text',
  'bytea',
  'timestamptz(2)',
  'timestamptz',
  'date',
  'jsonb',
  'uuid',
  'integer[]',
  'bigint[]',
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

/** What each may become while its values stay the very same texts, so that the rows need not be sent again. */
export const WIDER: ReadonlyMap<ColumnType, readonly ColumnType[]> = new Map([
  ['smallint', ['integer', 'bigint']],
  ['integer', ['bigint']],
  ['numeric(8,2)', ['numeric(16,2)']],
  ['numeric(20,6)', ['numeric(28,6)']],
  ['varchar(16)', ['varchar(30)', 'text']],
  ['varchar(30)', ['text']],
  ['timestamptz(2)', ['timestamptz']],
  ['uuid', ['text']],
  ['integer[]', ['bigint[]']],
]);

/** Defaults that differ from row to row: nobody sends what they put into the rows that are there. */
export const VOLATILE: ReadonlyMap<ColumnType, string> = new Map([
  ['integer', '(random() * 1000000)::integer'],
  ['numeric(8,2)', '(random() * 100000)::numeric(8,2)'],
  ['varchar(30)', 'left(md5(random()::text), 30)'],
  ['text', 'gen_random_uuid()::text'],
  ['timestamptz', 'clock_timestamp()'],
  ['uuid', 'gen_random_uuid()'],
]);
