import { columnsToken, rowToken } from './cells.ts';
import type { Request } from './received.ts';
import { count, isBroken, type Part, type Reply, transaction, type Unframed } from './reply.ts';
import { type DoneFacts, doneToken, errorToken, infoToken, returnStatusToken, transactionChange } from './tokens.ts';

/** Which transaction a connection is in; both give the descriptor of the one that began or ended. */
export interface TransactionState {
  begin(): bigint;
  end(): bigint;
}

/** The parts of a reply; where the test said nothing, what a server with nothing to say would answer. */
export function partsOf(reply: Exclude<Reply, Unframed>, request: Request): readonly Part[] {
  if (isBroken(reply)) return reply.parts;
  if (reply) return 'kind' in reply ? [reply] : reply;
  if (request.kind === 'bulk') return [count(request.rows.length)];
  if (request.kind !== 'transaction') return [count(0)];
  return request.what === 'save' ? [] : [transaction(request.what)];
}

/** The token stream of a response. [MS-TDS] 2.2.4 */
export function responseOf(parts: readonly Part[], request: Request, state: TransactionState): Buffer {
  const procedure = request.kind === 'rpc';
  const tokens = parts.flatMap((part, at) => {
    const next = parts[at + 1];
    const done = doneOf(part, next);
    if (!done) return [tokenOf(part, state)];
    const place: DoneFacts = procedure ? { of: 'inProcedure', more: true } : { more: next !== undefined };
    return [tokenOf(part, state), doneToken({ ...done, ...place })];
  });
  return Buffer.concat([...tokens, ending(parts, procedure)]);
}

function tokenOf(part: Part, state: TransactionState): Buffer {
  switch (part.kind) {
    case 'rows':
      return Buffer.concat([columnsToken(part.columns), ...part.rows.map((row) => rowToken(part.columns, row))]);
    case 'count':
      return Buffer.alloc(0);
    case 'error':
      return errorToken(part.error);
    case 'info':
      return infoToken(part.info);
    case 'transaction':
      return transactionChange(part.what, part.what === 'begin' ? state.begin() : state.end());
    case 'raw':
      return part.bytes;
  }
}

/** What the statement's DONE says; null where none comes: errors and messages that follow each other share one. */
function doneOf(part: Part, next: Part | undefined): DoneFacts | null {
  if (part.kind === 'rows') return { count: part.rows.length };
  if (part.kind === 'count') return { count: part.count };
  if (part.kind === 'error' && next?.kind !== 'error') return { error: true };
  return null;
}

function ending(parts: readonly Part[], procedure: boolean): Buffer {
  const last = parts.at(-1);
  const failed = parts.some((part) => part.kind === 'error');
  if (last?.kind === 'raw') return Buffer.alloc(0);
  if (procedure) return Buffer.concat([returnStatusToken(0), doneToken({ of: 'procedure', error: failed })]);
  return last && doneOf(last, undefined) ? Buffer.alloc(0) : doneToken({ error: failed });
}
