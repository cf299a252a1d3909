import { type Listener, listen } from '../attach/listener.ts';
import type { Config } from '../config/config.ts';
import { redactor } from '../config/redact.ts';
import type { LogEvent } from '../model/event.ts';
import type { Gate } from '../pipeline/gate.ts';
import type { Look } from '../replication.ts';
import type { Status } from '../status/status.ts';

/** What can be done to the pipeline of this process. */
export interface Controls {
  readonly gate: Gate;
  /** As the first Ctrl-C. */
  readonly stop: () => void;
}

/** What to tell those who look on. */
export interface Others {
  readonly onLook: (look: Look) => void;
  readonly onEvent: (event: LogEvent) => void;
  /** `status`: how it ended; null where it failed. */
  readonly end: (status: Status | null) => Promise<void>;
}

/**
 * Lets `pg2any live` and `pg2any status` of the same user look at the pipeline that runs in this process. Where that is
 * not possible it is said once, and nothing else changes.
 */
export function openToOthers(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  { gate, stop }: Controls,
  tell: (event: LogEvent) => void,
): Others {
  let listener: Promise<Listener> | null = null;
  const asked = (event: string, message: string): void =>
    tell({ at: Date.now(), severity: 'info', event, message: `${message}, as pg2any live asked` });
  const pause = (): void => {
    gate.close();
    asked('pause.begun', 'held: the slot keeps what comes');
  };
  const resume = (): void => {
    gate.open();
    asked('pause.ended', 'going on');
  };
  const halt = (): void => {
    asked('stopping', 'finishing the batch in hand and releasing the slot');
    stop();
  };
  return {
    onLook: (look) => {
      listener = listen({ look, stop: halt, pause, resume }, config, { environment, hide: redactor(config) });
      void listener.then(({ problem }) => {
        if (problem === null) return;
        const message = `pg2any live and status cannot look at this process: ${problem}`;
        tell({ at: Date.now(), severity: 'info', event: 'attach.unavailable', message });
      });
    },
    onEvent: (event) => void listener?.then((one) => one.event(event)),
    end: async (status) => await (await listener)?.end(status),
  };
}
