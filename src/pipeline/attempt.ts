import type { Checkpoint, TableState } from '../model/checkpoint.ts';
import { Pg2anyError } from '../model/error.ts';
import { formatLsn, type Lsn, maxLsn, ZERO_LSN } from '../model/lsn.ts';
import type { RememberedTables, Source, Stream } from '../model/source.ts';
import { assertAncestor } from './ancestor.ts';
import { copyMissing, type Start } from './initial-copy.ts';
import { leftBehind } from './left-behind.ts';
import { watchPublication } from './membership.ts';
import { type AttemptPorts, choiceOf, type Memory, type PipelineOptions, routed } from './options.ts';
import { Streaming } from './streaming.ts';
import { KnownTables } from './tables.ts';
import { watchSlot, watchVitals } from './vitals.ts';
import type { Watch } from './watch.ts';

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
  let members: Watch | null = null;
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
): Watch | null {
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
