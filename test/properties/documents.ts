import fc from 'fast-check';
import { edges, type Literals, texts } from './scalars.ts';

const quoted = (text: string): string => JSON.stringify(text);

const token: Literals = edges(
  fc.oneof(
    texts(6).map((text) => JSON.stringify(text)),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  ),
  ...['null', 'true', 'false', '1.10', '-0', '1e400', '1E-5', '12345678901234567890.123456789012345678901'],
  ...['"\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\/"', '""', '{}', '[]'],
);

const blank = fc.constantFrom('', '', '', ' ', '\n', '\t ');

/** JSON as people write it: any spacing, any order, keys twice, numbers of any length. */
export const json: Literals = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    token,
    fc.tuple(blank, fc.array(tie('value'), { maxLength: 3 })).map(([gap, list]) => `[${list.join(`,${gap}`)}${gap}]`),
    fc
      .tuple(
        blank,
        fc.array(fc.tuple(fc.oneof(fc.constantFrom('"a"', '"b"'), texts(4).map(quoted)), tie('value')), {
          maxLength: 3,
        }),
      )
      .map(([gap, list]) => `{${gap}${list.map(([key, value]) => `${key}:${gap}${value}`).join(',')}}`),
  ),
})).value;

const entities = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[^\t\n\r -\ud7ff\ue002-\ufffd]/g, '');

export const xml: Literals = fc
  .tuple(fc.constantFrom('', '<?xml version="1.0"?>', '<!-- c -->'), texts(8).map(entities), texts(8).map(entities))
  .map(([head, inner, attribute]) => `${head}<a b="${attribute.replaceAll('"', '&quot;')}">${inner}<c/></a>`);

export const jsonpaths: Literals = fc.constantFrom(
  '$',
  '$.a[*] ? (@ > 1)',
  'lax $."ключ"',
  'strict $.b.type()',
  '$.x.**',
);

const lexeme = texts(5).map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`);

export const tsvectors: Literals = fc
  .array(fc.tuple(lexeme, fc.constantFrom('', ':1', ':3A,5', ':16383')), { maxLength: 5 })
  .map((list) => list.map((pair) => pair.join('')).join(' '));

export const tsqueries: Literals = fc
  .tuple(lexeme, fc.constantFrom(' & ', ' | ', ' <-> ', ' <3> ', ' & !'), lexeme)
  .map((parts) => parts.join(''));

const coordinate = edges(
  fc.oneof(fc.double().map(String), fc.integer({ min: -99, max: 99 }).map(String)),
  ...['NaN', 'Infinity', '-Infinity', '-1.7976931348623157e308', '-2.2250738585072014e-308', '-0'],
);

const point = fc.tuple(coordinate, coordinate).map(([x, y]) => `(${x},${y})`);
const points = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(point, { minLength: min, maxLength: max }).map((list) => list.join(','));

export const shapes = {
  point,
  line: fc.tuple(coordinate, coordinate, coordinate).map(([a, b, c]) => `{${a},${b},${c}}`),
  lseg: points(2, 2).map((text) => `[${text}]`),
  box: points(2, 2),
  path: fc.tuple(points(1, 6), fc.boolean()).map(([text, open]) => (open ? `[${text}]` : `(${text})`)),
  polygon: points(1, 6).map((text) => `(${text})`),
  circle: fc.tuple(point, coordinate).map(([centre, radius]) => `<${centre},${radius}>`),
} satisfies Record<string, Literals>;
