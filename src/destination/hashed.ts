import type { ExistingColumn, UniqueIndex } from './contract.ts';

/** Bytes of a SHA-256, by which a key holds a column of any length. */
export const HASH_BYTES = 32;

interface Found {
  readonly columns: readonly (ExistingColumn & { readonly hashes: string | null })[];
  readonly uniques: readonly UniqueIndex[];
}

/** An index over the hash of a column keeps values apart as one over the column itself would: it is shown as such. */
export function withoutHashes({ columns, uniques }: Found) {
  const hashes = new Map(columns.flatMap(({ name, hashes: of }) => (of === null ? [] : [[name, of] as const])));
  return {
    columns: columns.filter(({ hashes: of }) => of === null),
    uniques: uniques.map((one) => ({ ...one, columns: one.columns.map((name) => hashes.get(name) ?? name) })),
  };
}
