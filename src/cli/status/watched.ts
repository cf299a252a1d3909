import { type Attached, attach } from '../../attach/attach.ts';
import type { Config } from '../../config/config.ts';
import { Pg2anyError } from '../../model/error.ts';
import type { Status } from '../../status/status.ts';

/** Two statuses are a quarter of a second apart; a process that is busy takes longer. */
const PATIENCE_MS = 2000;

/** A running process, and what it last told. */
export class Watched {
  private readonly attached: Attached;
  private readonly ready: Promise<void>;
  private status: Status | null = null;
  private ended = false;

  private constructor(attached: Attached) {
    this.attached = attached;
    this.ready = new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      void attached.ended.then(() => {
        this.ended = true;
        clearTimeout(timer);
        resolve();
      });
      let statuses = 0;
      const take = (status: Status): void => {
        this.status = status;
        statuses += 1;
        // Rates are over the time between two.
        if (statuses !== 2) return;
        clearTimeout(timer);
        resolve();
      };
      attached.subscribe(take, () => undefined);
    });
  }

  /** Throws NOT_ATTACHED. */
  static async find(config: Config, environment: Readonly<Record<string, string | undefined>>): Promise<Watched> {
    return new Watched(await attach(config, environment));
  }

  get pid(): number {
    return this.attached.pid;
  }

  /** Rejects with NOT_ATTACHED where the process has ended or does not answer. */
  async latest(): Promise<Status> {
    await this.ready;
    if (this.status && !this.ended) return this.status;
    const why = this.ended ? 'has ended' : 'does not answer';
    throw new Pg2anyError('NOT_ATTACHED', `the pg2any with pid ${this.pid} ${why}`);
  }

  close(): void {
    this.attached.close();
  }
}
