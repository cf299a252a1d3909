import type { Config } from '../config/config.ts';
import { asPg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import { inspectSourceOf } from './inspect.ts';

const isNew = (findings: readonly Finding[], check: 'publication' | 'slot'): boolean =>
  findings.some((one) => one.check === check && /does not exist yet/.test(one.message));

/** The pipeline speaks for itself about these. */
const ITS_OWN = new Set(['slot', 'checkpoint', 'server_version', 'replication_connection']);

/** It refuses to make a publication that breaks updates, and says what to run. */
const refused = (findings: readonly Finding[], { check, severity }: Finding): boolean =>
  check === 'replica_identity' && severity === 'block' && isNew(findings, 'publication');

/** Everything on the first start; later only what has become worse. */
function worthTelling(findings: readonly Finding[]): readonly Finding[] {
  const first = isNew(findings, 'slot');
  return findings.filter(
    (one) =>
      one.severity !== 'ok' &&
      !ITS_OWN.has(one.check) &&
      !refused(findings, one) &&
      (first || one.severity === 'block' || one.check === 'slot_wal'),
  );
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));

/**
 * Looks at the source before the pipeline starts and tells what is not fine. A source that does not answer is left to the
 * pipeline, which tries again.
 */
export async function inspectBeforeStart(
  config: Config,
  tell: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const side = await Promise.race([inspectSourceOf(config), aborted(signal)]);
    for (const finding of worthTelling(side?.findings ?? [])) tell(finding);
  } catch (error) {
    if (!asPg2anyError(error).retry) throw error;
  }
}
