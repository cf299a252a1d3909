import type { TableReader } from '../model/destination.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Row } from '../model/value.ts';
import type { Barrier } from './barrier.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Phase, VerifyOptions, VerifySource } from './ports.ts';

/** One table under comparison. */
export interface Look {
  readonly relation: Relation;
  readonly source: VerifySource;
  readonly reader: TableReader;
  readonly barrier: Barrier;
  readonly fingerprint: Fingerprint;
  readonly options: VerifyOptions;
}

/** Called for each row of a side, in its canonical text; for a source row also as PostgreSQL gave it. */
export interface Visitor {
  source(canonical: Row, raw: Row): void;
  destination(canonical: Row): void;
}

export interface Counted {
  readonly rows: number;
  readonly destinationRows: number;
}

/**
 * Source first, then the destination once it has passed that point: what changes meanwhile makes the destination look
 * ahead, never behind.
 */
export async function readSourceFirst(look: Look, round: number, visit: Visitor): Promise<Counted> {
  const rows = await readSource(look, round, visit);
  report(look, 'waiting', round, rows);
  const position = await look.source.position();
  await look.barrier.reach(position, round === 1);
  return { rows, destinationRows: await readDestination(look, round, visit) };
}

/** The other way round: what changes meanwhile makes the destination look behind, never ahead. */
export async function readDestinationFirst(look: Look, round: number, visit: Visitor): Promise<Counted> {
  const destinationRows = await readDestination(look, round, visit);
  return { rows: await readSource(look, round, visit), destinationRows };
}

async function readSource(look: Look, round: number, visit: Visitor): Promise<number> {
  const { relation, reader, options } = look;
  return await readAll(look, 'source', round, look.source.rows(relation, options.signal), (row) =>
    visit.source(reader.expect(row), row),
  );
}

async function readDestination(look: Look, round: number, visit: Visitor): Promise<number> {
  return await readAll(look, 'destination', round, look.reader.scan(look.options.signal), (row) =>
    visit.destination(row),
  );
}

type Chunks = AsyncIterable<readonly Row[]>;

async function readAll(look: Look, phase: Phase, round: number, chunks: Chunks, each: (row: Row) => void) {
  let rows = 0;
  report(look, phase, round, rows);
  for await (const chunk of chunks) {
    look.options.signal.throwIfAborted();
    for (const row of chunk) each(row);
    rows += chunk.length;
    report(look, phase, round, rows);
  }
  return rows;
}

export const report = (look: Look, phase: Phase, round: number, rows: number): void =>
  look.options.onProgress({ table: relationName(look.relation), phase, round, rows });
