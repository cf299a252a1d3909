/** Something that is looked at again and again. */
export interface Watch {
  stop(): void;
}

export function every(ms: number, look: () => void): Watch {
  const timer = setInterval(look, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** At once, and then so often; never a question while the one before is open. `ask` does not reject. */
export function asking(ms: number, ask: () => Promise<void>): Watch {
  let open = false;
  const look = async (): Promise<void> => {
    if (open) return;
    open = true;
    await ask();
    open = false;
  };
  void look();
  return every(ms, () => void look());
}
