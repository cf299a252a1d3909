export const KINDS = ['insert', 'update', 'delete'] as const;
export type Kind = (typeof KINDS)[number];

/** Shares of row changes by kind, in percent. */
export type Mix = Readonly<Record<Kind, number>>;
export type Counts = Record<Kind, number>;

export const DEFAULT_MIX: Mix = { insert: 60, update: 30, delete: 10 };

/** Parses `60/30/10`: inserts, updates, deletes. Throws RangeError on anything else. */
export function parseMix(text: string): Mix {
  const shares = /^(\d+)\/(\d+)\/(\d+)$/.exec(text.trim())?.slice(1).map(Number);
  const [insert = 0, update = 0, deleted = 0] = shares ?? [];
  if (insert + update + deleted === 0)
    throw new RangeError(`not a mix: ${JSON.stringify(text)} (expected inserts/updates/deletes such as 60/30/10)`);
  return { insert, update, delete: deleted };
}

export const formatMix = (mix: Mix): string => KINDS.map((kind) => mix[kind]).join('/');

/** The kind that lags furthest behind its share: so any stretch of the load has the mix. */
export function nextKind(mix: Mix, done: Counts): Kind {
  const wanted = KINDS.filter((kind) => mix[kind] > 0);
  const debt = (kind: Kind): number => done[kind] / mix[kind];
  return wanted.reduce((a, b) => (debt(b) < debt(a) ? b : a), wanted[0] ?? 'insert');
}
