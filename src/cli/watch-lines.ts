import type { Attached } from '../attach/attach.ts';
import type { Status } from '../status/status.ts';
import type { Context } from './command.ts';
import { copyBar } from './copy-bar.ts';
import { jsonView, plainView, STATUS_MS } from './headless.ts';

/** How it ended: we left, or the process did; null: it ended without a word. */
export type Ending = 'detached' | Status | null;

const CTRL_C = '\x03';

/** Calls `leave` at q, where somebody can press it. */
function onQ(leave: () => void): () => void {
  const { stdin } = process;
  if (stdin.isTTY !== true) return () => undefined;
  const press = (keys: Buffer): void => {
    if (keys.includes('q')) leave();
    // In raw mode it is a key like any other.
    if (keys.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
  };
  stdin.setRawMode(true);
  stdin.on('data', press);
  return () => {
    stdin.off('data', press);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** Shows an attached process as `replicate` shows its own: its events, and a status each 10 s. */
export async function watchLines(attached: Attached, { io, flags }: Context, signal: AbortSignal): Promise<Ending> {
  const view = flags.json ? jsonView(io) : plainView(io);
  let shownAt = Number.NEGATIVE_INFINITY;
  const show = (status: Status): void => {
    if (status.phase === 'snapshot' && !flags.json) io.progress(copyBar(status, io.style.err.symbols));
    if (status.at - shownAt < STATUS_MS) return;
    shownAt = status.at;
    view.status(status);
  };
  const left = new Promise<'detached'>((resolve) => {
    signal.addEventListener('abort', () => resolve('detached'), { once: true });
    const release = onQ(() => resolve('detached'));
    void attached.ended.finally(release);
  });
  attached.subscribe(show, view.event);
  const ended = await Promise.race([left, attached.ended]);
  if (ended === 'detached') {
    attached.close();
    await attached.ended;
    return ended;
  }
  if (ended?.phase === 'stopped') view.end(ended);
  return ended;
}
