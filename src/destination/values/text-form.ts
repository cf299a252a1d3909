import type { TypeOptions } from '../../model/mapping.ts';
import type { PgType } from '../../model/relation.ts';
import { arrayToJson } from './array.ts';
import { fullOffset } from './datetime.ts';
import { family } from './family.ts';
import { hstoreToJson } from './hstore.ts';
import { moneyDecimal, unpadded } from './scalar.ts';

const same = (text: string): string => text;

/** How values of a type are written where they are kept as text of any length: every value has such a form. */
export function textForm(type: PgType, options: Pick<TypeOptions, 'arrays'>): (pgText: string) => string {
  const { element } = type;
  switch (family(type)) {
    case 'char':
      return unpadded;
    case 'money':
      return moneyDecimal;
    case 'timestamptz':
      return fullOffset;
    case 'hstore':
      return hstoreToJson;
    case 'array':
      return element && options.arrays === 'json' ? (text) => arrayToJson(text, element) : same;
    default:
      return same;
  }
}
