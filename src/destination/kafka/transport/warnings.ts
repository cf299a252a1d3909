import type { Warning } from '../../../model/destination.ts';

/** As many are told one by one; of the others the number. */
const MOST = 100;

/** What there is to tell until somebody asks, in bounded memory. */
export class Warnings {
  private readonly event: string;
  private messages: string[] = [];
  private more = 0;

  constructor(event: string) {
    this.event = event;
  }

  add(message: string): void {
    if (this.messages.length < MOST) this.messages.push(message);
    else this.more += 1;
  }

  take(): readonly Warning[] {
    const { event, messages, more } = this;
    const told = more === 0 ? messages : [...messages, `${more} more of the same kind`];
    [this.messages, this.more] = [[], 0];
    return told.map((message) => ({ event, message }));
  }
}
