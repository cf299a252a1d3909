import { Pg2anyError } from '../model/error.ts';
import { DEFAULT_RULES, TYPE_CHOICES, type TypeOption, type TypeOptions, type ValueRules } from '../model/mapping.ts';
import type { SchemaRules } from '../model/schema-rules.ts';
import type { Operation, SourceConfig } from './config.ts';
import { defaultName } from './default-name.ts';
import { type Drivers, destinationConfig, hasDestination } from './destination.ts';
import { type Given, type Layered, type Origin, rank } from './given.ts';
import { problemOf, type Resolved, type ResolvedMap } from './pieces.ts';
import { KEYS, type Key, settingOf, type Values } from './settings.ts';
import { sourceOptions } from './source.ts';

/** A configuration with where each setting came from. */
export interface Loaded<C extends SourceConfig = SourceConfig> {
  readonly config: C;
  readonly origins: ReadonlyMap<Key, Origin>;
}

const DEFAULT: Origin = { layer: 'default', text: 'default' };

/** The strongest value of each key, checked. */
function check(given: readonly Given[], problems: string[]): Map<Key, Resolved> {
  const strongest = new Map<Key, Given>();
  for (const one of given) {
    const other = strongest.get(one.key);
    if (!other || rank(one.origin) > rank(other.origin)) strongest.set(one.key, one);
  }
  const checked = new Map<Key, Resolved>();
  for (const key of KEYS) {
    const one = strongest.get(key) ?? fallback(key);
    if (!one) continue;
    const parsed = settingOf(key).kind.schema.safeParse(one.raw);
    if (parsed.success) checked.set(key, { value: parsed.data, given: one });
    else problems.push(problemOf(one, `${parsed.error.issues[0]?.message}${shown(one)}`));
  }
  return checked;
}

function fallback(key: Key): Given | null {
  const { fallback: raw } = settingOf(key);
  return raw === null ? null : { key, raw, origin: DEFAULT };
}

/** The offending value, unless it may be a secret or is no single text. */
function shown(given: Given): string {
  const scalar = typeof given.raw === 'string' || typeof given.raw === 'number' || typeof given.raw === 'boolean';
  return settingOf(given.key).secret || !scalar || given.raw === '' ? '' : `, not ${JSON.stringify(given.raw)}`;
}

const NOTES: readonly (readonly [key: Key, note: string])[] = [
  ['binaryFormat', 'values travel as text all the same, which is lossless and not slower'],
  ['streaming', 'streaming of transactions in progress is not there yet; running with it off'],
];

function notesOf(values: ResolvedMap): string[] {
  return NOTES.flatMap(([key, note]) => {
    const resolved = values.get(key);
    return resolved?.value === true ? [`${resolved.given.origin.text}: ${note}`] : [];
  });
}

function assemble(values: ResolvedMap, drivers: Drivers, need: Need, problems: string[]): SourceConfig {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K] & {};
  const timeouts = { connectTimeoutMs: value('connectionTimeout'), queryTimeoutMs: value('queryTimeout') };
  const notes = notesOf(values);
  const source = Object.freeze(sourceOptions(values, timeouts, problems, notes));
  const autoCreateTables = value('autoCreateTables');
  const rules = valueRules(values);
  const schema = schemaRules(values);
  const wanted = need === 'both' || hasDestination(values);
  const destination = wanted
    ? destinationConfig(drivers, values, { ...timeouts, autoCreateTables, rules, schema }, source.database, problems)
    : null;
  return Object.freeze({
    source,
    destination: destination && Object.freeze(destination),
    slot: value('slot') ?? defaultName(source.database),
    publication: value('publication') ?? defaultName(source.database),
    tables: value('tables') ?? null,
    schemaMapping: value('schemaMapping') ?? new Map<string, string>(),
    autoCreateTables,
    rules,
    schema,
    snapshot: value('snapshot'),
    failover: value('failover'),
    origin: value('origin'),
    protocolVersion: value('protocolVersion'),
    batch: Object.freeze({ rows: value('batch.rows'), bytes: value('batch.bytes') }),
    ...timeouts,
    startupMs: value('startupTimeout'),
    heartbeatMs: value('heartbeatInterval'),
    senderTimeoutMs: value('senderTimeout'),
    maxStallMs: value('maxStall'),
    slotTimeoutMs: value('slotTimeout'),
    operation: operation(values),
    notes: Object.freeze(notes),
  });
}

function schemaRules(values: ResolvedMap): SchemaRules {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K] & {};
  return Object.freeze({
    changes: value('schemaChanges'),
    droppedColumns: value('droppedColumns'),
    recreatedTables: value('recreatedTables'),
  });
}

function operation(values: ResolvedMap): Operation {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K] & {};
  return Object.freeze({
    http: value('http') ?? null,
    readyLagMs: value('readyLag'),
    logFormat: value('logFormat'),
    logLevel: value('logLevel'),
  });
}

function valueRules(values: ResolvedMap): ValueRules {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K];
  const options = Object.keys(TYPE_CHOICES) as TypeOption[];
  const types = Object.fromEntries(options.map((option) => [option, value(`types.${option}`)]));
  return Object.freeze({
    types: Object.freeze(types as unknown as TypeOptions),
    policies: value('policies') ?? DEFAULT_RULES.policies,
    columns: value('columns') ?? DEFAULT_RULES.columns,
  });
}

/** What a command cannot do without. */
export type Need = 'source' | 'both';

/**
 * Layers to configuration. Throws CONFIG_INVALID with every problem at once. With `need: 'source'` the destination is
 * null when nothing was said about it.
 */
export function resolveConfig(layers: readonly Layered[], drivers: Drivers, need: Need): Loaded {
  const problems = layers.flatMap((layer) => layer.problems);
  const values = check(
    layers.flatMap((layer) => layer.given),
    problems,
  );
  const broken = problems.length > 0;
  const config = assemble(complete(values), drivers, need, problems);
  if (problems.length > 0) throw invalid(broken ? [...new Set(problems)] : problems);
  return { config, origins: new Map([...values].map(([key, { given }]) => [key, given.origin])) };
}

/** Keys whose value was refused get their default, so that the remaining problems are found too. */
function complete(values: ReadonlyMap<Key, Resolved>): ResolvedMap {
  const all = new Map(values);
  for (const key of KEYS) {
    const given = all.has(key) ? null : fallback(key);
    if (given) all.set(key, { value: settingOf(key).kind.schema.parse(given.raw), given });
  }
  return all;
}

export function invalid(problems: readonly string[], hint?: string): Pg2anyError {
  const message =
    problems.length === 1
      ? (problems[0] ?? '')
      : `${problems.length} settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`;
  return new Pg2anyError('CONFIG_INVALID', message, hint ? { hint } : {});
}
