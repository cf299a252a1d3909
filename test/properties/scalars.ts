import fc from 'fast-check';

/** Texts that PostgreSQL may or may not accept as a value of a type; what it refuses is left out. */
export type Literals = fc.Arbitrary<string>;

/** Takes the edges often enough to meet each of them in every run. */
export const edges = (rest: Literals, ...known: string[]): Literals =>
  fc.oneof({ arbitrary: rest, weight: 4 }, { arbitrary: fc.constantFrom(...known), weight: 1 });

export const integers = (bits: number, signed = true): Literals => {
  const top = 1n << BigInt(signed ? bits - 1 : bits);
  const [min, max] = [signed ? -top : 0n, top - 1n];
  const text = (range: fc.Arbitrary<bigint>): Literals => range.map(String);
  const small = text(fc.bigInt({ min: signed ? -200n : 0n, max: 200n }));
  return edges(fc.oneof(text(fc.bigInt({ min, max })), small), `${min}`, `${max}`, `${max - 1n}`, '0');
};

const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'00001234567899'), minLength: 1, maxLength });

/** Decimals with up to so many digits on either side of the point, or far more, or with an exponent. */
export function decimals(whole: number, fraction: number): Literals {
  const side = (length: number): fc.Arbitrary<string> =>
    fc.oneof({ arbitrary: digits(length), weight: 6 }, { arbitrary: digits(length + 12), weight: 1 });
  const plain = fc
    .tuple(fc.constantFrom('', '-'), side(Math.max(1, whole)), fc.option(side(Math.max(1, fraction))))
    .map(([sign, front, back]) => `${sign}${front}${back === null ? '' : `.${back}`}`);
  const exponent = fc.tuple(plain, fc.integer({ min: -40, max: 40 })).map(([text, e]) => `${text}e${e}`);
  const nines = `${'9'.repeat(Math.max(1, whole))}.${'9'.repeat(Math.max(1, fraction))}`;
  const special = ['NaN', 'Infinity', '-Infinity', '0', '-0', '0.000', nines, `-${nines}`];
  const last = [`1e${whole - 1}`, `1e${whole}`, `1e-${fraction}`, `1e-${fraction + 1}`];
  return edges(fc.oneof(plain, exponent), ...special, ...last);
}

const SPECIAL_FLOATS = ['NaN', 'Infinity', '-Infinity', '0', '-0', '0.1', '1e15', '1e16', '123456789012345680'];

export const doubles: Literals = edges(
  fc.oneof(
    fc.double().map(String),
    fc.double({ min: -1e-300, max: 1e-300 }).map(String),
    fc.double({ min: -1e9, max: 1e9 }).map(String),
    fc.bigInt({ min: -(1n << 60n), max: 1n << 60n }).map(String),
  ),
  ...SPECIAL_FLOATS,
  '5e-324',
  '-5e-324',
  '2.2250738585072014e-308',
  '2.225073858507201e-308',
  '1.7976931348623157e308',
  '-1.7976931348623157e308',
  '52.520006599999996',
  '9007199254740993',
);

export const floats: Literals = edges(
  fc.oneof(fc.float().map(String), fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map(String)),
  ...SPECIAL_FLOATS,
  '1e-45',
  '1.1754944e-38',
  '3.4028235e38',
  '16777216',
  '16777217',
);

/** Whole cents of 64 bits. */
export const money: Literals = integers(64).map((text) => {
  const [, sign = '', figures = ''] = /^(-?)(\d+)$/.exec(text) ?? [];
  const cents = figures.padStart(3, '0');
  return `${sign}${cents.slice(0, -2)}.${cents.slice(-2)}`;
});

const AWKWARD = [
  ...'\t\n\r\b\f\v\u0001\u001a\u001b\u007f\\\'"`%_{}()[],;:=>&/#$?@! ',
  ...['\u00a0', '\u00ad', '\u200b', '\u200d', '\u2028', '\ufeff', '\ufffd', '\uffff', '\u{10ffff}', '\ue123'],
  ...['é', 'e\u0301', 'ß', 'İ', 'ı', '١', 'Ａ', 'ﬁ', '中', '😀', '👩‍👩‍👧', '🇩🇪', 'אב'],
  ...['\\N', '\\.', "''", '--', '/*', '*/', '\\t', '\\0', 'NULL', ' ', '  '],
];

const unit: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);

/** Everything but U+0000, which PostgreSQL has not, and the two characters that tests put between values. */
const clean = (text: string): string => text.replaceAll(/[\0\ue000\ue001]/g, '');

/** Any text of at most so many characters. */
export const texts = (maxLength: number): Literals =>
  edges(
    fc
      .tuple(fc.string({ unit, maxLength }), fc.constantFrom('', '', '', ' ', '   '))
      .map(([text, blanks]) => [...clean(text + blanks)].slice(0, maxLength).join('')),
    '',
    ' ',
    [...'NULL'].slice(0, maxLength).join(''),
    '\\',
    '0',
    '😀'.repeat(Math.min(maxLength, 300)),
  );

export const hexBytes = (maxLength: number): Literals =>
  fc.uint8Array({ maxLength }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`);

export const bits = (min: number, max: number): Literals =>
  fc.string({ unit: fc.constantFrom('0', '1'), minLength: min, maxLength: max });

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

export const uuids: Literals = edges(hex(32), '0'.repeat(32), 'f'.repeat(32));

export const macs = (octets: number): Literals =>
  fc.array(hex(2), { minLength: octets, maxLength: octets }).map((parts) => parts.join(':'));

/** With host bits, or without, as a cidr must be. */
export function addresses(network: boolean): Literals {
  const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, mask]) => `${ip}/${mask}`);
  const v6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([ip, mask]) => `${ip}/${mask}`);
  if (network) return edges(fc.oneof(fc.ipV4(), fc.ipV6(), v4, v6), '10.0.0.0/8', '::/0', 'ff00::/8', '192.168.1.0/24');
  return edges(fc.oneof(v4, v6, fc.ipV4()), '::ffff:1.2.3.4/128', '::/0', `${'ffff:'.repeat(7)}ffff/127`, '0.0.0.0/0');
}

export const lsns: Literals = fc
  .tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0xffffffff }))
  .map(([high, low]) => `${high.toString(16)}/${low.toString(16)}`);

export const tids: Literals = fc
  .tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0xffff }))
  .map(([block, row]) => `(${block},${row})`);
