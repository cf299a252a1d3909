import type { KnownColumn } from '../../model/checkpoint.ts';
import type { Column, Relation } from '../../model/relation.ts';
import type { ColumnCodec } from '../contract.ts';

/** A column whose destination type lists its labels. */
const listsLabels = ({ problems }: ColumnCodec): boolean => problems.includes('UNKNOWN_LABEL');

/** The labels of a column's enum by their own numbers; null where the destination does not list them. */
function labelsOf(
  { type: { enumLabels, enumIds } }: Column,
  codec: ColumnCodec,
): Readonly<Record<string, string>> | null {
  if (!enumLabels || !enumIds || !listsLabels(codec)) return null;
  return Object.fromEntries(enumIds.map((id, i) => [id, enumLabels[i] ?? '']));
}

/** A label that has another name since it was remembered: rows from before hold the old one. Pure. */
export function renamedLabel(
  column: Column,
  codec: ColumnCodec,
  known: KnownColumn,
): { readonly from: string; readonly to: string } | null {
  for (const [id, to] of Object.entries(labelsOf(column, codec) ?? {})) {
    const from = known.labels?.[id];
    if (from !== undefined && from !== to) return { from, to };
  }
  return null;
}

/** With the labels that the destination lists by now. Pure. */
export function withLabels(
  columns: readonly KnownColumn[],
  relation: Relation,
  codecs: readonly ColumnCodec[],
): readonly KnownColumn[] {
  return columns.map((known) => {
    const index = relation.columns.findIndex(({ attnum }) => attnum === known.attnum);
    const [column, codec] = [relation.columns[index], codecs[index]];
    const labels = column && codec && !known.ignored ? labelsOf(column, codec) : null;
    return labels ? { ...known, labels } : known;
  });
}
