import { count, plural } from '../tui/format.ts';
import type { Style } from '../tui/theme.ts';
import type { Difference, NamedValues, TableResult, VerifyResult } from '../verify/result.ts';

/** One line per table, the names padded to `width`. */
export function tableLine(result: TableResult, style: Style, width = 0): string {
  const { table, rows, destinationRows, differences, complete, unsettled, replaced } = result;
  const equal = differences === 0;
  const mark = equal ? style.ok(style.symbols.ok) : style.error(style.symbols.error);
  const found = equal ? 'equal' : style.error(`${complete ? '' : 'at least '}${plural(differences, 'difference')}`);
  const there = destinationRows === rows ? '' : `, ${count(destinationRows)} at the destination`;
  const moving = unsettled === 0 ? '' : style.dim(` (${plural(unsettled, 'row')} changed at every look)`);
  const policies = replaced === 0 ? '' : style.warn(` (${plural(replaced, 'value')} replaced by policy)`);
  return `${mark} ${table.padEnd(width)}  ${plural(rows, 'row').padStart(15)}${there}  ${found}${policies}${moving}`;
}

const value = (text: string | null): string => (text === null ? 'NULL' : JSON.stringify(text));
const named = (values: NamedValues): string =>
  Object.entries(values)
    .map(([name, text]) => `${name} = ${value(text)}`)
    .join(', ');

const KINDS: Readonly<Record<Difference['kind'], string>> = {
  missing: 'only at the source',
  extra: 'only at the destination',
  different: 'differs',
};

/** The first differing keys and columns. */
export function differenceLines(result: TableResult, style: Style): string[] {
  const lines = result.examples.flatMap(({ kind, key, columns }) => [
    `    ${named(key)}  ${style.warn(KINDS[kind])}`,
    ...columns.map(
      (one) => `      ${one.column}: ${value(one.source)} at the source, ${value(one.destination)} at the destination`,
    ),
  ]);
  const more = result.differences - result.examples.length;
  return result.examples.length > 0 && more > 0
    ? [...lines, `    ${style.symbols.dot} and ${count(more)} more`]
    : lines;
}

export const resultLine = ({ tables, rows, differences, complete }: VerifyResult): string =>
  `verify: ${tables.length} tables, ${rows} rows, ${complete ? '' : 'at least '}${differences} differences`;
