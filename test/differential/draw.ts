import { createRandom, type Random } from '../../src/demo/random.ts';
import type { ColumnType } from './types.ts';

/** A seeded source of choices and of SQL literals. */
export interface Draw extends Pick<Random, 'int'> {
  /** True one time in so many. */
  one(inSo: number): boolean;
  of<T>(items: readonly T[]): T;
  pick: Random['pick'];
  literal(type: ColumnType): string;
}

const WORDS = ['', 'a', 'A', 'a ', 'née 😀', "it''s", '\\n\\', 'tab\there', 'NULL', '"q"', 'line\nbreak'];

export function createDraw(seed: number): Draw {
  const random = createRandom(seed);
  const of = <T>(items: readonly T[]): T => {
    const item = items[random.int(items.length)];
    if (item === undefined) throw new RangeError('nothing to draw from');
    return item;
  };
  const word = (): string => `${of(WORDS)}${random.int(3) === 0 ? random.int(1000) : ''}`;
  const value = (type: ColumnType): string => {
    switch (type) {
      case 'smallint':
        return `${random.int(65_536) - 32_768}`;
      case 'bigint':
        return `${random.int(2) === 0 ? '-' : ''}${random.int(2 ** 31)}${random.int(10 ** 9)}`;
      case 'integer':
        return `${random.int(2 ** 31) - 2 ** 30}`;
      case 'numeric(8,2)':
      case 'numeric(20,6)':
        return `${random.int(200_000) - 100_000}.${random.int(100)}`;
      case 'numeric(16,2)':
      case 'numeric(28,6)':
        return `${random.int(2 ** 31)}${random.int(10_000)}.${random.int(100)}`;
      case 'double precision':
        return `'${random.int(1_000_000) / 7 - 50_000}'`;
      case 'boolean':
        return of(['true', 'false']);
      case 'varchar(16)':
        return `'${word()}'`;
      case 'varchar(30)':
      case 'text':
        return `'${word()}${word()}'`;
      case 'bytea':
        return `'\\x${random
          .int(2 ** 31)
          .toString(16)
          .padStart(8, '0')}'`;
      case 'timestamptz(2)':
      case 'timestamptz':
        return `'20${10 + random.int(80)}-03-${10 + random.int(18)} 0${random.int(10)}:30:00.${random.int(1_000_000)}+02'`;
      case 'date':
        return `'19${10 + random.int(80)}-1${random.int(3)}-0${1 + random.int(9)}'`;
      case 'jsonb':
        return of([`'{"a": [1, "${random.int(99)}"]}'`, "'null'", "'1.50'", '\'"😀"\'']);
      case 'uuid':
        return `'${random
          .int(2 ** 31)
          .toString(16)
          .padStart(32, '0')}'`;
      case 'integer[]':
        return of([`'{1,NULL,${random.int(99)}}'`, "'{}'", "'[0:1]={7,8}'"]);
      case 'bigint[]':
        return of([`'{9007199254740993,NULL,${random.int(99)}}'`, "'{{1},{2}}'"]);
    }
  };
  return {
    int: random.int,
    pick: random.pick,
    one: (inSo) => random.int(inSo) === 0,
    of,
    literal: (type) => (random.int(6) === 0 ? 'NULL' : value(type)),
  };
}
