import { relationName } from '../../model/relation.ts';
import { UNCHANGED } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { describeRow } from '../refusal.ts';
import type { Outcome } from './connection.ts';
import { sizeOf } from './encoding.ts';
import { isRefusal } from './errors.ts';
import { deleteOneSql, patchOneSql, patchSql } from './statements.ts';
import type { Wire } from './wire.ts';

/** A statement for one row, and what to call that row in messages. */
export interface Single {
  readonly sql: string;
  readonly where: string;
}

/** Statements per packet: a packet of its own for each would cost more than the update itself. */
const MOST = 200;

export function patchSingle({ maxAllowedPacket }: Wire, target: Target, { key, after }: Patch): Single {
  const { relation } = target;
  const set = after.flatMap((value, i) => {
    const at = relation.key.indexOf(i);
    return value === UNCHANGED || (at >= 0 && value === key[at]) ? [] : [i];
  });
  const sql = patchSql(target, set.length > 0 ? set : relation.key, key, after);
  sizeOf(target, after, sql, maxAllowedPacket);
  return { sql, where: describeRow(relation, key) };
}

/** Statements that touch one row each. No such row is fine: somebody else removed it, and nothing else names it. */
export function singles(
  { maxAllowedPacket }: Wire,
  step: Extract<Step, { kind: 'patchOne' | 'deleteOne' }>,
): readonly Single[] {
  const { target } = step;
  const where = (row: Patch['key']): string => describeRow(target.relation, row);
  if (step.kind === 'deleteOne') return step.rows.map((row) => ({ sql: deleteOneSql(target, row), where: where(row) }));
  return step.patches.flatMap(({ key, after }) => {
    const set = after.flatMap((value, i) => (value === UNCHANGED || value === key[i] ? [] : [i]));
    if (set.length === 0) return [];
    const sql = patchOneSql(target, set, key, after);
    sizeOf(target, after, sql, maxAllowedPacket);
    return [{ sql, where: where(key) }];
  });
}

/** Sends them in this order, many to a packet. */
export async function sendSingles(wire: Wire, target: Target, all: readonly Single[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const packet of packets(wire, all)) {
    try {
      outcomes.push(...(await wire.sendAll(packet.map(({ sql }) => sql))));
    } catch (error) {
      await blame(wire, packet, error);
      throw wire.failure(error, relationName(target.relation));
    }
  }
  return outcomes;
}

/** A packet does not say which statement was refused: performed again one by one, before all is rolled back, they do. */
async function blame(wire: Wire, packet: readonly Single[], error: unknown): Promise<void> {
  if (!isRefusal(error)) return;
  for (const { sql, where } of packet) {
    try {
      await wire.send(sql);
    } catch (found) {
      throw wire.failure(found, where);
    }
  }
}

function* packets({ maxAllowedPacket }: Wire, all: readonly Single[]): Generator<readonly Single[]> {
  // a character takes up to three bytes in UTF-8 (a pair four)
  const room = Math.min(256 * 1024, Math.floor(maxAllowedPacket / 4));
  let packet: Single[] = [];
  let size = 0;
  for (const single of all) {
    if (packet.length === MOST || (size > 0 && size + single.sql.length > room)) {
      yield packet;
      packet = [];
      size = 0;
    }
    packet.push(single);
    size += single.sql.length;
  }
  if (packet.length > 0) yield packet;
}
