import type { Config } from '../config/config.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import { inspectSourceOf } from './inspect.ts';

/** On the first start the publication is ours to make: one that makes updates fail at the source is not made. */
function harmful(findings: readonly Finding[]): readonly Finding[] {
  const first = findings.some((one) => one.check === 'publication' && /does not exist yet/.test(one.message));
  return first ? findings.filter((one) => one.check === 'replica_identity' && one.severity === 'block') : [];
}

function refusal(harm: readonly Finding[]): Pg2anyError {
  const fixes = harm.flatMap((one) => one.fix?.sql ?? []).join('\n');
  const text = harm.map((one) => one.message).join('\n');
  return new Pg2anyError('TABLE_UNSUITABLE', text, {
    hint: `Run at the source, or leave the tables out with CDC_TABLES:\n${fixes}`,
  });
}

/**
 * Looks at the source before the pipeline starts and tells what is not fine. Throws TABLE_UNSUITABLE where publishing a
 * table would break its updates. A source that does not answer is left to the pipeline, which tries again.
 */
export async function inspectBeforeStart(config: Config, tell: (finding: Finding) => void): Promise<void> {
  try {
    const { findings } = await inspectSourceOf(config);
    const harm = harmful(findings);
    for (const finding of findings) if (finding.severity !== 'ok' && !harm.includes(finding)) tell(finding);
    if (harm.length > 0) throw refusal(harm);
  } catch (error) {
    if (!asPg2anyError(error).retry) throw error;
  }
}
