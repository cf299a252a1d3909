import { EXIT } from '../model/error-codes.ts';

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof CODES;

const SIGNALS = Object.keys(CODES) as Signal[];

/** Longer than this a drain may not take: supervisors kill after 30 s or less. */
const DRAIN_MS = 20_000;

export interface Stopper {
  /** Aborts at the first signal: finish the batch in hand, commit, release the slot. */
  readonly signal: AbortSignal;
  /** For a run that ended well: 0, also after SIGTERM; the signal's code after Ctrl-C. */
  exitCode(): number;
  /** For a run that was cut short: the code of the signal; null without one. */
  signalCode(): number | null;
  /** Aborts as a signal would, without one. */
  stop(): void;
  dispose(): void;
}

/** The first signal drains, the second ends the process at once; both are safe. */
export function stopOnSignals(announce: (message: string) => void): Stopper {
  const controller = new AbortController();
  let first: Signal | null = null;
  const onSignal = (name: Signal): void => {
    if (first !== null) process.exit(CODES[name]);
    first = name;
    announce(`${name}: finishing the batch in hand and releasing the slot; once more stops at once`);
    controller.abort();
    setTimeout(() => process.exit(CODES[name]), DRAIN_MS).unref();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    exitCode: () => (first === null || first === 'SIGTERM' ? EXIT.ok : CODES[first]),
    signalCode: () => first && CODES[first],
    stop: () => controller.abort(),
    dispose: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
