import type { Config, DestinationConfig } from '../config/config.ts';
import { redact, redactor } from '../config/redact.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import { quoteIdent, quoteTable } from '../model/quote.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Row } from '../model/value.ts';
import { chosenTables, openOne } from '../replicate.ts';
import type { Answers } from '../setup/answers.ts';
import { initCommand } from '../setup/command.ts';
import { configOf, configOfFiles, sourceConfigOf } from '../setup/settle.ts';
import type { Fixing, Ports, Reached, Review, Sample } from '../tui/wizard/ports.ts';
import { keepDraft } from './draft-file.ts';
import { inspectBoth, readPlan } from './inspect.ts';
import { filesIn, replacedIn, variablesIn, writeSetup } from './setup-files.ts';
import { planTables } from './table-plans.ts';
import { atSource, reachSource, readNames, readTables, runAtSource, sourceStatements } from './wizard-source.ts';

/** No password for the URL would help: the one that is missing is another server's. */
function besideTheUrl(error: unknown): never {
  const { message, hint } = asPg2anyError(error);
  throw new Pg2anyError('DESTINATION_UNSUITABLE', message, { cause: error, ...(hint ? { hint } : {}) });
}

async function reach(config: DestinationConfig): Promise<Reached> {
  const destination = await openOne(config);
  const began = performance.now();
  try {
    const { product, version } = await destination.connect();
    const roundTripMs = performance.now() - began;
    const beside = (await destination.companions?.().catch(besideTheUrl)) ?? [];
    return { product: [`${product} ${version}`, ...beside].join(' and '), roundTripMs };
  } finally {
    await destination.close();
  }
}

const SAMPLE_ROWS = 3;

const firstRows = (config: Config, relation: Relation): Promise<readonly Row[]> =>
  atSource(config, async (query) => {
    const columns = relation.columns.map(({ name }) => quoteIdent(name)).join(', ');
    const rows = await query(`SELECT ${columns} FROM ${quoteTable(relation)} LIMIT ${SAMPLE_ROWS}`);
    return rows.map((row) => relation.columns.map(({ name }) => row[name] ?? null));
  });

/** Rows of a table as the destination would give them back, or what they would become there. */
async function sample(config: Config, table: string): Promise<Sample> {
  const { tables } = await readPlan(config);
  const found = chosenTables(config, tables, null).find(({ relation }) => relationName(relation) === table);
  if (!found) throw new Pg2anyError('INTERNAL', `${table} is no longer there`);
  const { relation } = found;
  const rows = await firstRows(config, relation);
  const destination = await openOne(config.destination);
  try {
    await destination.connect();
    const preview = destination.preview?.(relation, rows);
    if (preview) return { table, kind: 'topic', columns: preview.fields, rows: preview.rows };
    await destination.look?.([relation]);
    const reader = destination.reader(relation);
    const stored = rows.map((row) => reader.expect(row).map((value) => (typeof value === 'string' ? value : null)));
    return { table, columns: relation.columns.map(({ name }) => name), rows: stored };
  } finally {
    await destination.close();
  }
}

/** Runs what the user has confirmed. Of several destinations only the first has fixes in SQL. */
async function mend(answers: Answers, { side, sql }: Fixing): Promise<null> {
  if (side === 'source') return await runAtSource(sourceConfigOf(answers), sql);
  const destination = await openOne(configOf({ ...answers, mirror: '' }).destination);
  try {
    await destination.connect();
    await destination.mend?.(sql);
    return null;
  } finally {
    await destination.close();
  }
}

/** With the settings that are kept from a file that is there already. */
const fullConfig = (folder: string, answers: Answers): Config =>
  configOfFiles(filesIn(folder, answers), variablesIn(folder));

async function review(folder: string, answers: Answers): Promise<Review> {
  const config = fullConfig(folder, answers);
  const files = filesIn(folder, answers);
  const { tables } = await planTables(config);
  return {
    source: await sourceStatements(config),
    destination: tables.flatMap(({ sql }) => sql).map((sql) => `${sql};`),
    yaml: files.yaml,
    command: initCommand(answers),
    replaces: replacedIn(folder, files),
  };
}

function hide(answers: Answers, text: string): string {
  try {
    return redactor(answers.destination === '' ? sourceConfigOf(answers) : configOf(answers))(text);
  } catch {
    return redact([])(text);
  }
}

/** What the wizard may do in this folder. Only `fix` and `written` change anything. */
export const wizardPorts = (folder: string): Ports => ({
  keep: (draft) => keepDraft(folder, draft),
  hide,
  ask: {
    source: async (answers) => await reachSource(sourceConfigOf(answers)),
    destination: async (answers) => await reach(configOf({ ...answers, mirror: '' }).destination),
    mirror: async (answers) => {
      const { destination } = configOf(answers);
      return await reach(destination.mirror ?? destination);
    },
    tables: async (answers) => await readTables(sourceConfigOf(answers)),
    names: async (answers) => await readNames(sourceConfigOf(answers)),
    preflight: async (answers) => {
      const { source, destination } = await inspectBoth(fullConfig(folder, answers));
      // Columns that deserve a look are the next step's.
      return [...source.findings, ...destination.findings].filter(
        ({ check, severity }) => severity !== 'warn' || !/mapping$/.test(check),
      );
    },
    fix: async (answers, fixing) => await mend(answers, JSON.parse(fixing) as Fixing),
    plan: async (answers) => (await planTables(fullConfig(folder, answers))).tables,
    sample: async (answers, table) => await sample(fullConfig(folder, answers), table),
    review: async (answers) => await review(folder, answers),
    written: async (answers) => await writeSetup(folder, answers, true),
  },
});
