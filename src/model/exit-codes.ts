/** Process exit codes, documented in docs/configuration.md. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  findings: 3,
  source: 4,
  destination: 5,
  slotLost: 6,
  policy: 7,
} as const;

/** What each means, for help and documentation. */
export const EXIT_CODES = [
  [`${EXIT.ok}`, 'done; also after a clean drain on SIGTERM'],
  [`${EXIT.failure}`, 'failure at run time'],
  [`${EXIT.usage}`, 'usage or configuration'],
  [`${EXIT.findings}`, 'findings: something blocks (check, plan), or differs (verify)'],
  [`${EXIT.source}`, 'source unreachable or unsuitable'],
  [`${EXIT.destination}`, 'destination unreachable or unsuitable'],
  [`${EXIT.slotLost}`, 'slot or checkpoint lost: a new copy is needed'],
  [`${EXIT.policy}`, 'stopped by a value or a rule'],
  ['129, 130, 143', 'stopped by SIGHUP, SIGINT (Ctrl-C) or SIGTERM'],
] as const;
