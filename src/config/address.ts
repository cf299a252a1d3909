import { z } from 'zod';
import type { Kind } from './kinds.ts';

/** Where to listen. */
export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

const MESSAGE = 'must be a port, or HOST:PORT such as 127.0.0.1:9464 or [::1]:9464';
const SHAPE = /^(?:(?:\[([0-9a-f:.%]+)\]|([^\s:/[\]]+)):)?(\d{1,5})$/i;
const LOOPBACK = '127.0.0.1';

function parse(raw: unknown): unknown {
  if (typeof raw !== 'string' && typeof raw !== 'number') return raw;
  const [, six, other, digits] = SHAPE.exec(String(raw).trim()) ?? [];
  return digits === undefined ? raw : { host: six ?? other ?? LOOPBACK, port: Number(digits) };
}

/** `PORT` on the loopback address, or `HOST:PORT`. */
export const address: Kind<Address, string | number> = {
  name: 'port, or HOST:PORT',
  schema: z.preprocess(
    parse,
    z.object({ host: z.string(), port: z.int().max(65_535, 'must have a port from 0 to 65535') }, MESSAGE),
  ) as unknown as z.ZodType<Address, string | number>,
};

/** Only programs of this machine can reach it. */
export const isLoopback = ({ host }: Address): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/i.test(host);

/** As it is written in a URL. */
export const showAddress = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
