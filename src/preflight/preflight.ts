import type { Finding } from '../model/finding.ts';
import type { Facts, Plan } from './facts.ts';
import { gatherFacts, type Known, type Ports } from './gather.ts';
import { PUBLICATION_CHECKS } from './publication.ts';
import { SERVER_CHECKS } from './server.ts';
import { SLOT_CHECKS } from './slot.ts';
import { tableChecks } from './table.ts';

/** Every finding about these facts, fine ones included, in the order in which one would look. Pure. */
export function findingsOf(facts: Facts): readonly Finding[] {
  const whole = [...SERVER_CHECKS, ...SLOT_CHECKS, ...PUBLICATION_CHECKS];
  return [...whole.flatMap((check) => check(facts)), ...tableChecks(facts)];
}

/** Looks at the source and says what stands in the way. Changes nothing. */
export async function inspectSource(plan: Plan, ports: Ports, known: Known = {}): Promise<readonly Finding[]> {
  return findingsOf(await gatherFacts(plan, ports, known));
}
