/** A connection that is opened when it is first used, and again after it failed. */
export class Kept<T> {
  private readonly open: () => Promise<T>;
  private readonly shut: (connection: T) => Promise<void> | void;
  private connection: T | null = null;

  constructor(open: () => Promise<T>, shut: (connection: T) => Promise<void> | void) {
    this.open = open;
    this.shut = shut;
  }

  /** Rejects as opening or `work` does. */
  async use<R>(work: (connection: T) => Promise<R>): Promise<R> {
    this.connection ??= await this.open();
    try {
      return await work(this.connection);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    if (connection !== null) await Promise.resolve(this.shut(connection)).catch(() => undefined);
  }
}
