import { Pg2anyError } from '../model/error.ts';

/** pg's own connection, of which only these members are used. */
export interface CopyConnection {
  readonly stream: NodeJS.ReadableStream & { destroy(): void };
  once(event: 'replicationStart', listener: () => void): void;
  removeAllListeners(event: 'copyData'): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Takes the driver's place at its socket; gives back how the driver is handed its bytes. */
export function replaceListener(
  stream: NodeJS.ReadableStream,
  listener: (chunk: Buffer) => void,
): (bytes: Buffer) => void {
  const drivers = stream.listeners('data') as ((chunk: Buffer) => void)[];
  if (drivers.length !== 1)
    throw new Pg2anyError('INTERNAL', `the driver has ${drivers.length} listeners on its socket`);
  stream.removeAllListeners('data');
  stream.on('data', listener);
  return (bytes) => drivers[0]?.call(stream, bytes);
}
