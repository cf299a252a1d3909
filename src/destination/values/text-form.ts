import type { TypeOptions } from '../../model/mapping.ts';
import type { PgType } from '../../model/relation.ts';
import { arrayToJson } from './array.ts';
import { jsonOf } from './composite.ts';
import { fullOffset } from './datetime.ts';
import { family } from './family.ts';
import { hstoreToJson } from './hstore.ts';
import { moneyDecimal, unpadded } from './scalar.ts';

/** Nothing to convert; whoever sees this one need not call it. */
export const same = (text: string): string => text;

/** How values of a type are written where they are kept as text of any length: every value has such a form. */
export function textForm(type: PgType, options: Pick<TypeOptions, 'arrays' | 'composite'>): (pgText: string) => string {
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
      if (!element || options.arrays !== 'json') return same;
      return options.composite === 'json' ? jsonOf(type) : (text) => arrayToJson(text, element);
    case 'composite':
      return options.composite === 'json' && type.attributes ? jsonOf(type) : same;
    default:
      return same;
  }
}
