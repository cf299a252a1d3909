import type { Request, RequestKind } from './received.ts';
import type { Reply } from './reply.ts';
import type { Respond } from './server.ts';

/** What is asked, by kind or by the text of a batch or statement, and what to say to it. */
export type Line = readonly [RequestKind | RegExp, Reply | Respond];

/** Answers by the first line that fits; what none fits works and touches no row. */
export const script = (...lines: readonly Line[]): Respond => {
  return async (request) => {
    const line = lines.find(([asked]) => fits(asked, request));
    const reply = line?.[1];
    return typeof reply === 'function' ? await reply(request) : reply;
  };
};

/** Answers with one after the other, then as if nobody had said anything. */
export const inTurn = (...replies: readonly Reply[]): Respond => {
  const left = [...replies];
  return () => left.shift();
};

function fits(asked: RequestKind | RegExp, request: Request): boolean {
  if (!(asked instanceof RegExp)) return request.kind === asked;
  if (request.kind === 'batch') return asked.test(request.text);
  return request.kind === 'rpc' && asked.test(request.sql ?? request.name);
}
