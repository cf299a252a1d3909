/**
 * Lets a person hold the pipeline. While it is closed nothing more is taken from the source, as if the destination were
 * slow: what was taken already is applied, keepalives are answered, and the slot keeps the rest. Once the source has
 * more waiting than the buffer holds, the connection is given up after `maxStall` and opened again when the gate is;
 * until then another instance may take over.
 */
export class Gate {
  private closedAt: number | null = null;
  private waiting: (() => void)[] = [];

  get closed(): boolean {
    return this.closedAt !== null;
  }

  /** When it was closed, ms since the epoch; null while it is open. */
  get since(): number | null {
    return this.closedAt;
  }

  close(): void {
    this.closedAt ??= Date.now();
  }

  open(): void {
    this.closedAt = null;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Resolves once it is open, or `signal` aborts. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.closed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        signal.addEventListener('abort', wake);
        this.waiting.push(wake);
      });
    }
  }
}
