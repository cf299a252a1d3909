import fc from 'fast-check';
import { edges, type Literals, texts } from './scalars.ts';

/** In double quotes anything may stand inside an array, a composite, a range or an hstore. */
const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;

const maybe = (element: Literals): fc.Arbitrary<string | null> => fc.option(element, { freq: 6 });

/** Arrays of up to three dimensions, some with lower bounds of their own. */
export function arrays(element: Literals, delimiter = ','): Literals {
  const dimensions = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
  const filled = dimensions.chain((lengths) => {
    const count = lengths.length === 0 ? 0 : lengths.reduce((product, length) => product * length, 1);
    const items = fc.array(maybe(element), { minLength: count, maxLength: count });
    const bounds = fc.option(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }), { freq: 4 });
    // fc.option: null one time in five, which is too rarely for what nearly all arrays are
    return fc.tuple(items, bounds, fc.boolean()).map(([list, lower, plain]) => {
      const prefix = lower && !plain && lengths.length > 0 ? `${bounded(lengths, lower)}=` : '';
      return prefix + spelled(list, lengths, delimiter);
    });
  });
  return edges(filled, '{}', '{NULL}', '[0:1]={NULL,NULL}');
}

const bounded = (lengths: readonly number[], lower: readonly number[]): string =>
  lengths.map((length, i) => `[${lower[i]}:${(lower[i] ?? 1) + length - 1}]`).join('');

function spelled(list: readonly (string | null)[], lengths: readonly number[], delimiter: string): string {
  const [, ...inner] = lengths;
  if (inner.length === 0) return `{${list.map((text) => (text === null ? 'NULL' : quoted(text))).join(delimiter)}}`;
  const size = inner.reduce((product, length) => product * length, 1);
  const parts = Array.from({ length: list.length / size }, (_, i) =>
    spelled(list.slice(i * size, (i + 1) * size), inner, delimiter),
  );
  return `{${parts.join(delimiter)}}`;
}

export const composites = (...fields: Literals[]): Literals =>
  fc
    .tuple(...fields.map(maybe))
    .map((list) => `(${list.map((text) => (text === null ? '' : quoted(text))).join(',')})`);

const range = (bound: Literals): Literals =>
  fc
    .tuple(fc.constantFrom('[', '('), maybe(bound), maybe(bound), fc.constantFrom(']', ')'))
    .map(
      ([open, low, high, close]) =>
        `${open}${low === null ? '' : quoted(low)},${high === null ? '' : quoted(high)}${close}`,
    );

/** Half of them end before they begin, which PostgreSQL refuses: draw enough. */
export const ranges = (bound: Literals): Literals => edges(range(bound), 'empty', '(,)');

export const multiranges = (bound: Literals): Literals =>
  edges(
    fc.array(ranges(bound), { maxLength: 3 }).map((list) => `{${list.join(',')}}`),
    '{}',
  );

export const hstores: Literals = fc
  .array(fc.tuple(texts(5), maybe(texts(5))), { maxLength: 4 })
  .map((list) => list.map(([key, value]) => `${quoted(key)}=>${value === null ? 'NULL' : quoted(value)}`).join(','));
