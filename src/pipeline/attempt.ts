import type { Checkpoint, TableState } from '../model/checkpoint.ts';
import type { Destination } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import { formatLsn, type Lsn, maxLsn, ZERO_LSN } from '../model/lsn.ts';
import { relationName } from '../model/relation.ts';
import type { RememberedTables, Snapshot, Source, SourceTable, Stream } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';
import type { Transform } from '../transform/transform.ts';
import { tell } from './alterations.ts';
import { assertAncestor } from './ancestor.ts';
import type { BatchLimits } from './batcher.ts';
import { blaming } from './blame.ts';
import { copyTables } from './copy.ts';
import type { Gate } from './gate.ts';
import { leftBehind } from './left-behind.ts';
import { watchPublication } from './membership.ts';
import { makeRoom } from './room.ts';
import { Streaming } from './streaming.ts';
import { type Choice, choose, KnownTables } from './tables.ts';
import { toBeCopied } from './told.ts';
import { watchSlot, watchVitals } from './vitals.ts';

export interface PipelineOptions {
  readonly slot: string;
  readonly publication: string;
  /** `never`: stream only; `only`: stop after the initial copy. */
  readonly snapshot: 'initial' | 'never' | 'only';
  /** `now`: everything that is durable at the source when the first attempt connects. */
  readonly until: 'now' | Lsn | null;
  readonly transform: Transform;
  /** Where tables go that are replicated under another name than they were chosen by; as `transform`, without a choice. */
  readonly route?: Transform;
  /** Tables that were dropped and created again; copied again unless told otherwise. */
  readonly recreatedTables?: 'copy' | 'stop';
  readonly limits: BatchLimits;
  /** How long a stop waits for the batch in hand, ms. */
  readonly drainMs?: number;
  /** How often the publication is looked at, ms. */
  readonly publicationMs?: number;
}

export interface AttemptPorts {
  readonly source: Source;
  readonly destination: Destination;
  readonly counters: Counters;
  readonly emit: Emit;
  readonly gate: Gate;
  readonly signal: AbortSignal;
}

/** What one attempt tells the next. */
export interface Memory {
  /** Resolved `until`, once known. */
  until: Lsn | null;
  /** Tables (OIDs) whose copy the stream asked for. */
  readonly asked: Set<number>;
  /** Tables (OIDs) that left the publication. */
  readonly gone: Set<number>;
  /** What was looked up again (`Pg2anyError.lookAgain`). */
  readonly looked: Set<string>;
  /** Both servers were reached and the pipeline was set up at least once. */
  connected: boolean;
  /** It waits for the slot of another instance, and has said so. */
  standby: boolean;
}

/** One life of the pipeline: set up, copy what is missing, stream until told to stop. Throws what ended it early. */
export async function attempt(options: PipelineOptions, ports: AttemptPorts, memory: Memory): Promise<void> {
  const { source, destination, counters, emit } = ports;
  counters.phase = 'connecting';
  counters.members = () => destination.members?.() ?? [];
  const info = await destination.connect();
  counters.destination = `${info.product} ${info.version}`;
  counters.road = info.road;
  counters.source = source.identity.product;
  emit({
    severity: 'ok',
    event: 'connected',
    message: `${source.identity.product} → ${counters.destination} by ${info.road}`,
  });
  if (options.until === 'now') memory.until ??= await source.position();
  else memory.until = options.until;

  counters.phase = 'preflight';
  await takeSlot(options, source);
  const start = await startingPoint(options, ports);
  memory.connected = true;
  const slot = watchSlot(source, counters);
  try {
    await copyAndStream(options, ports, memory, start);
  } finally {
    slot.stop();
  }
}

async function copyAndStream(
  options: PipelineOptions,
  ports: AttemptPorts,
  memory: Memory,
  start: Start,
): Promise<void> {
  let known: readonly TableState[];
  try {
    known = await copyMissing(options, ports, memory, start);
  } finally {
    await start.snapshot?.close();
  }
  if (options.snapshot === 'only' || ports.signal.aborted) return;
  await stream(options, ports, memory, start.checkpoint.flushed, known, start.checkpoint.tables);
}

/** Guards the time until the stream holds the slot, so that a waiting instance never takes the fence of a working one. */
async function takeSlot(options: PipelineOptions, source: Source): Promise<void> {
  if (await source.lock()) return;
  throw new Pg2anyError('SLOT_IN_USE', `another pg2any is setting up or copying with slot ${options.slot}`);
}

interface Start {
  readonly checkpoint: Checkpoint;
  /** The snapshot of a slot that was just created. */
  readonly snapshot: Snapshot | null;
}

async function startingPoint(options: PipelineOptions, ports: AttemptPorts): Promise<Start> {
  const { source, destination, emit } = ports;
  const slot = await source.slot();
  if (slot?.active)
    throw new Pg2anyError('SLOT_IN_USE', `replication slot ${options.slot} is in use by another process`);
  const server = await source.timeline();
  const timeline = server.recovering ? null : server.id;
  const checkpoint = await destination.claim({ slot: options.slot, systemId: source.identity.systemId, timeline });
  // A slot never sees a publication younger than itself: where there is a slot or a checkpoint none is created.
  if (checkpoint || slot)
    await source.check(checkpoint?.flushed ?? slot?.confirmed ?? ZERO_LSN).catch((error: unknown) => {
      throw leftBehind(error, destination.members?.() ?? [], slot?.confirmed ?? null);
    });
  if (checkpoint) {
    assertAncestor(server, checkpoint);
    const message = `resuming at ${formatLsn(checkpoint.flushed)}, nothing is repeated`;
    emit({ severity: 'ok', event: 'resumed', message });
    return { checkpoint, snapshot: null };
  }
  if (slot) return { checkpoint: await begin(options, ports, slot.confirmed, timeline, 'adopted'), snapshot: null };
  if (await source.ensurePublication())
    emit({ severity: 'ok', event: 'publication.created', message: `publication ${options.publication} created` });
  const snapshot = await source.createSlot();
  try {
    return { checkpoint: await begin(options, ports, snapshot.lsn, timeline, 'created'), snapshot };
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

async function begin(
  options: PipelineOptions,
  ports: AttemptPorts,
  at: Lsn,
  timeline: number | null,
  what: 'adopted' | 'created',
): Promise<Checkpoint> {
  await ports.destination.begin(at);
  const message = `replication slot ${options.slot} ${what} at ${formatLsn(at)}`;
  ports.emit({ severity: 'ok', event: `slot.${what}`, message });
  return { flushed: at, timeline, tables: [] };
}

/** Copies tables that are not copied yet; returns the state of all. */
async function copyMissing(
  options: PipelineOptions,
  ports: AttemptPorts,
  memory: Memory,
  start: Start,
): Promise<readonly TableState[]> {
  const { source, destination, counters } = ports;
  const { tables } = start.checkpoint;
  const known = new Map(tables.map((table) => [table.oid, table]));
  const selected = (await source.tables()).flatMap((table) => routed(table, options, known));
  const back = new Set(selected.map(({ relation }) => relation.oid).filter((oid) => memory.gone.has(oid)));
  const copied = tables.filter((table) => table.state === 'copied' && !back.has(table.oid));
  destination.admit?.(selected.map((table) => table.relation));
  if (options.snapshot === 'never') return copied;
  const oids = new Set(copied.map((table) => table.oid));
  for (const table of selected) counters.table(relationName(table.relation)).state = 'streaming';
  const missing = selected.filter((table) => !oids.has(table.relation.oid));
  if (missing.length === 0) return copied;
  for (const { relation } of missing)
    await makeRoom(relation, { ...ports, recreated: options.recreatedTables, selected, known: tables });
  counters.phase = 'snapshot';
  for (const table of missing) counters.table(relationName(table.relation)).state = 'waiting';
  for (const table of missing) {
    await profile(table, ports);
    await prepare(table, ports);
  }
  const snapshot = start.snapshot ?? (await source.snapshot());
  try {
    announce(missing, snapshot.lsn, ports.emit);
    const fresh = await copyTables(missing, { snapshot, ...ports, limits: options.limits });
    for (const oid of back) memory.gone.delete(oid);
    // changes may be needed from further back: the copied rows are no state of the source before their snapshot
    if (memory.until !== null) memory.until = maxLsn(memory.until, snapshot.lsn);
    return [...copied, ...fresh.map((state) => withOrigin(state, known.get(state.oid)))];
  } finally {
    if (snapshot !== start.snapshot) await snapshot.close();
  }
}

const choiceOf = ({ transform, route }: PipelineOptions): Choice => ({ transform, route: route ?? ((one) => one) });

function routed(table: SourceTable, options: PipelineOptions, known: ReadonlyMap<number, TableState>): SourceTable[] {
  const relation = choose(choiceOf(options), table.relation, known.get(table.relation.oid));
  return relation ? [{ ...table, relation }] : [];
}

/** Before a table is created whose types depend on what is in it. */
async function profile({ relation }: SourceTable, { source, destination }: AttemptPorts): Promise<void> {
  const columns = destination.profiles?.(relation) ?? [];
  if (columns.length > 0 && source.widest) destination.learn?.(relation, await source.widest(relation, columns));
}

async function prepare(table: SourceTable, { destination, counters, emit }: AttemptPorts): Promise<void> {
  const { relation } = table;
  const prepared = await blaming(counters, [relation], () => destination.prepare(relation, toBeCopied(relation)));
  const name = relationName(table.relation);
  const message = `${name}: destination ${prepared.kind ?? 'table'} ${prepared.table} ${prepared.action}, rows go by ${prepared.road}`;
  emit({
    severity: 'ok',
    event: `table.${prepared.action}`,
    message,
    data: { table: name, sql: prepared.sql.join('; ') },
  });
  // no row of an earlier shape comes any more
  if (prepared.deferred) tell(emit, counters, table.relation, (await destination.settle(table.relation)).done);
}

/** A copy that was begun under an earlier name goes on being chosen by it. */
function withOrigin(fresh: TableState, before: TableState | undefined): TableState {
  const origin = before?.shape?.origin;
  return fresh.shape && origin ? { ...fresh, shape: { ...fresh.shape, origin } } : fresh;
}

function announce(tables: readonly SourceTable[], at: Lsn, emit: Emit): void {
  const rows = tables.reduce((sum, table) => sum + (table.estimatedRows ?? 0), 0);
  const about = rows > 0 ? `, about ${Math.round(rows).toLocaleString('en')} rows` : '';
  const message = `copying ${tables.length} tables${about}, as of ${formatLsn(at)}`;
  emit({ severity: 'info', event: 'copy.started', message, data: { tables: tables.length, rows } });
}

async function stream(
  options: PipelineOptions,
  ports: AttemptPorts,
  memory: Memory,
  from: Lsn,
  known: readonly TableState[],
  remembered: readonly TableState[],
): Promise<void> {
  const { source, counters, emit, signal } = ports;
  await source.check(from);
  const open = await source.stream(from, rememberedBy([...remembered, ...known]));
  counters.flushed = from;
  const vitals = watchVitals(open, ports);
  let members: ReturnType<typeof watchPublication> | null = null;
  try {
    await source.unlock();
    counters.phase = 'streaming';
    emit({ severity: 'ok', event: 'streaming', message: `streaming from ${formatLsn(from)}` });
    // A table may be ahead of the checkpoint: what the target waits for includes its snapshot.
    const until =
      memory.until === null ? null : known.reduce((lsn, table) => maxLsn(lsn, table.snapshot), memory.until);
    const streaming = new Streaming({
      ...ports,
      stream: open,
      limits: options.limits,
      ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
      from,
      until,
      signal,
      tables: new KnownTables(choiceOf(options), [...remembered, ...known], options.snapshot === 'never', memory.asked),
      wantsCopy: (oid) => memory.asked.add(oid),
    });
    members = watchMembers(options, ports, memory, known, (why) => streaming.interrupt(why));
    await streaming.run();
  } finally {
    members?.stop();
    vitals.stop();
    await closeQuietly(open);
  }
}

/** Without an initial copy nothing can be copied later, and a table that joins has nothing that is missed. */
function watchMembers(
  options: PipelineOptions,
  { source, counters, emit }: AttemptPorts,
  { gone }: Memory,
  known: readonly TableState[],
  restart: (why: Pg2anyError) => void,
): ReturnType<typeof watchPublication> | null {
  if (options.snapshot === 'never') return null;
  const states = new Map(known.map((state) => [state.oid, state]));
  return watchPublication({
    ...{ source, counters, emit, gone, restart, publication: options.publication },
    chooses: (table) => routed(table, options, states).length > 0,
    copied: new Set(known.filter(({ state }) => state === 'copied').map(({ oid }) => oid)),
    ...(options.publicationMs === undefined ? {} : { everyMs: options.publicationMs }),
  });
}

const rememberedBy = (tables: readonly TableState[]): RememberedTables =>
  new Map(tables.flatMap(({ oid, shape }) => (shape ? [[oid, shape.columns.filter(({ dropped }) => !dropped)]] : [])));

async function closeQuietly(stream: Stream): Promise<void> {
  await stream.close().catch(() => undefined);
}
