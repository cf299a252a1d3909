import type { Config } from '../config/config.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import { inspectSourceOf } from './inspect.ts';

const isNew = (findings: readonly Finding[], check: 'publication' | 'slot'): boolean =>
  findings.some((one) => one.check === check && /does not exist yet/.test(one.message));

/** While the publication is ours to make: one that makes updates fail at the source is not made. */
function harmful(findings: readonly Finding[]): readonly Finding[] {
  if (!isNew(findings, 'publication')) return [];
  return findings.filter((one) => one.check === 'replica_identity' && one.severity === 'block');
}

/** The pipeline speaks for itself about these. */
const ITS_OWN = new Set(['slot', 'checkpoint', 'server_version', 'replication_connection']);

/** Everything on the first start; later only what has become worse. */
function worthTelling(findings: readonly Finding[]): readonly Finding[] {
  const first = isNew(findings, 'slot');
  return findings.filter(
    ({ check, severity }) =>
      severity !== 'ok' && !ITS_OWN.has(check) && (first || severity === 'block' || check === 'slot_wal'),
  );
}

function refusal(harm: readonly Finding[]): Pg2anyError {
  const fixes = harm.flatMap((one) => one.fix?.sql ?? []).join('\n');
  const text = harm.map((one) => one.message).join('\n');
  return new Pg2anyError('TABLE_UNSUITABLE', text, {
    hint: `Run at the source, or leave the tables out with CDC_TABLES:\n${fixes}`,
  });
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));

/**
 * Looks at the source before the pipeline starts and tells what is not fine. Throws TABLE_UNSUITABLE where publishing a
 * table would break its updates. A source that does not answer is left to the pipeline, which tries again.
 */
export async function inspectBeforeStart(
  config: Config,
  tell: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const side = await Promise.race([inspectSourceOf(config), aborted(signal)]);
    if (side === null) return;
    const { findings } = side;
    const harm = harmful(findings);
    for (const finding of worthTelling(findings)) if (!harm.includes(finding)) tell(finding);
    if (harm.length > 0) throw refusal(harm);
  } catch (error) {
    if (!asPg2anyError(error).retry) throw error;
  }
}
