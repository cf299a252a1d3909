import { type SpawnOptions, spawn } from 'node:child_process';

/** Runs a tool to its end and gives what it printed; a failure carries the end of its output. */
export async function runTool(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { input?: string } = {},
): Promise<string> {
  const { input, ...rest } = options;
  const child = spawn(command, args, { ...rest, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (piece: Buffer) => (output += piece));
  child.stderr?.on('data', (piece: Buffer) => (output += piece));
  child.stdin?.on('error', () => undefined).end(input ?? '');
  const code = await new Promise<number | string | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', (exit, signal) => done(exit ?? signal));
  });
  if (code !== 0) throw new Error(`${command} failed (${code}): ${output.trim().slice(-2000)}`);
  return output;
}
