import { type Lsn, parseLsn } from '../model/lsn.ts';
import type { Facts, Plan, PublicationFacts, ServerFacts, TableFacts, TransactionFacts } from './facts.ts';

export interface Ports {
  readonly query: (sql: string, params?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Text of a query in `sql/source/`, by name. */
  readonly sql: (name: string) => string;
}

export interface Known {
  /** The destination's checkpoint, null when it has none; undefined when the destination was not asked. */
  readonly checkpoint?: Lsn | null;
  readonly renamed?: ReadonlyMap<string, string>;
  readonly replicationRefused?: string | null;
}

/** Reads everything the checks look at. Changes nothing. */
export async function gatherFacts(plan: Plan, { query, sql }: Ports, known: Known = {}): Promise<Facts> {
  const facts = async <T>(name: string, params: readonly unknown[] = []): Promise<T | null> => {
    const text = (await query(sql(name), params))[0]?.facts;
    return typeof text === 'string' ? (JSON.parse(text) as T) : null;
  };
  const server = await facts<ServerFacts>('preflight-server', [plan.slot]);
  if (!server) throw new Error('the server does not know the current role');
  const publication = await facts<PublicationFacts>('preflight-publication', [plan.publication]);
  const renamed = known.renamed ?? new Map<string, string>();
  const listed = plan.tables?.map((name) => renamed.get(name) ?? name);
  const names = listed ?? publication?.tables.map((table) => `${table.schemaname}.${table.tablename}`) ?? null;
  return {
    plan,
    server,
    publication,
    transactions: (await facts<readonly TransactionFacts[]>('preflight-transactions')) ?? [],
    tables: (await facts<readonly TableFacts[]>('preflight-tables', [names])) ?? [],
    progress: known.checkpoint === undefined ? null : { checkpoint: known.checkpoint, position: await position() },
    renamed,
    replicationRefused: known.replicationRefused ?? null,
  };

  async function position(): Promise<Lsn> {
    return parseLsn(String((await query(sql('position')))[0]?.flushed));
  }
}
