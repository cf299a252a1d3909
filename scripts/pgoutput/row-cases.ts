import type { Case } from './case.ts';
import { typesCase } from './types-case.ts';

const DOCUMENT = "repeat('x', 2048)";

const toast: Case = {
  name: 'toast',
  setup: ['d', 'f'].flatMap((table) => [
    `CREATE TABLE ${table} (id integer PRIMARY KEY, v integer, doc text)`,
    `ALTER TABLE ${table} ALTER doc SET STORAGE EXTERNAL`,
    `ALTER TABLE ${table} REPLICA IDENTITY ${table === 'd' ? 'DEFAULT' : 'FULL'}`,
  ]),
  publication: 'FOR TABLE d, f',
  async run({ sql }) {
    for (const table of ['d', 'f'])
      await sql(
        `INSERT INTO ${table} VALUES (1, 1, ${DOCUMENT})`,
        `UPDATE ${table} SET v = 2`,
        `UPDATE ${table} SET id = 10`,
        `UPDATE ${table} SET doc = 'short'`,
        `DELETE FROM ${table}`,
      );
  },
};

const identity: Case = {
  name: 'identity',
  setup: [
    'CREATE TABLE by_key (b text, a integer, note text, PRIMARY KEY (a, b))',
    'CREATE TABLE by_index (id integer PRIMARY KEY, code text NOT NULL UNIQUE, note text)',
    'ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_code_key',
    'CREATE TABLE by_row (a integer, b text)',
    'ALTER TABLE by_row REPLICA IDENTITY FULL',
    'CREATE TABLE full_key (id integer PRIMARY KEY, b text)',
    'ALTER TABLE full_key REPLICA IDENTITY FULL',
    'CREATE TABLE nothing (id integer PRIMARY KEY)',
    'ALTER TABLE nothing REPLICA IDENTITY NOTHING',
    'CREATE TABLE keyless (a integer)',
    'CREATE TABLE deferred (id integer PRIMARY KEY DEFERRABLE)',
  ],
  publication: 'FOR ALL TABLES',
  async run({ sql }) {
    await sql("INSERT INTO by_key VALUES ('x', 1, NULL)", "UPDATE by_key SET note = 'n'");
    await sql("UPDATE by_key SET b = 'y'", 'DELETE FROM by_key');
    await sql("INSERT INTO by_index VALUES (1, 'x', NULL)", 'UPDATE by_index SET id = 2');
    await sql("UPDATE by_index SET code = 'y'", 'DELETE FROM by_index');
    await sql("INSERT INTO by_row VALUES (1, NULL), (1, NULL), (NULL, 'z')");
    await sql("UPDATE by_row SET b = 'w' WHERE a IS NULL", 'DELETE FROM by_row');
    await sql("INSERT INTO full_key VALUES (1, 'a')", "UPDATE full_key SET b = 'b'", 'DELETE FROM full_key');
    await sql('INSERT INTO nothing VALUES (1)', 'INSERT INTO keyless VALUES (1)', 'INSERT INTO deferred VALUES (1)');
  },
};

const truncate: Case = {
  name: 'truncate',
  setup: [
    'CREATE TABLE parent (id integer PRIMARY KEY)',
    'CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent)',
    'CREATE TABLE alone (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY)',
    'CREATE TABLE hidden (id integer PRIMARY KEY)',
  ],
  publication: 'FOR TABLE parent, child, alone',
  run: ({ sql }) =>
    sql(
      'TRUNCATE alone',
      'TRUNCATE parent CASCADE',
      'TRUNCATE alone RESTART IDENTITY',
      'TRUNCATE parent, alone, hidden RESTART IDENTITY CASCADE',
      'BEGIN; TRUNCATE alone; ROLLBACK',
    ),
};

const partitions = (name: string, viaRoot: boolean): Case => ({
  name,
  setup: [
    'CREATE TABLE root (id integer, region text, note text, PRIMARY KEY (id, region)) PARTITION BY LIST (region)',
    "CREATE TABLE leaf_eu PARTITION OF root FOR VALUES IN ('eu')",
    "CREATE TABLE leaf_us PARTITION OF root FOR VALUES IN ('us')",
  ],
  publication: `FOR TABLE root WITH (publish_via_partition_root = ${viaRoot})`,
  run: ({ sql }) =>
    sql(
      "INSERT INTO root VALUES (1, 'eu', 'a'), (2, 'us', 'b')",
      "UPDATE root SET note = 'c' WHERE id = 1",
      "UPDATE root SET region = 'us' WHERE id = 1",
      'DELETE FROM root WHERE id = 2',
      'TRUNCATE leaf_us',
      'TRUNCATE root',
    ),
});

const filter: Case = {
  name: 'filter',
  since: 15,
  setup: [
    'CREATE TABLE d (id integer PRIMARY KEY, v integer, doc text)',
    'ALTER TABLE d ALTER doc SET STORAGE EXTERNAL',
    'CREATE TABLE listed (id integer PRIMARY KEY, a text, b text)',
  ],
  publication: 'FOR TABLE d WHERE (id > 10), listed (id, b)',
  run: ({ sql }) =>
    sql(
      `INSERT INTO d VALUES (1, 1, ${DOCUMENT}), (11, 1, 'short')`,
      'UPDATE d SET id = 21 WHERE id = 1',
      'UPDATE d SET v = 2',
      'UPDATE d SET id = 2 WHERE id = 21',
      "INSERT INTO listed VALUES (1, 'a', 'b')",
    ),
};

const generated: Case = {
  name: 'generated',
  setup: ['CREATE TABLE g (id integer PRIMARY KEY, a integer, b integer GENERATED ALWAYS AS (a * 2) STORED)'],
  publication: (version) => `FOR TABLE g${version >= 18 ? ' WITH (publish_generated_columns = stored)' : ''}`,
  run: ({ sql }) => sql('INSERT INTO g VALUES (1, 21)'),
};

export const ROW_CASES: readonly Case[] = [
  typesCase,
  toast,
  identity,
  truncate,
  partitions('partitions as root', true),
  partitions('partitions', false),
  filter,
  generated,
];
