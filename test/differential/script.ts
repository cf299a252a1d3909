import { addColumn, createTable, dropColumn, renameColumn, renameTable, widenColumn } from './alter.ts';
import type { Draw } from './draw.ts';
import type { Make, Model, Statement } from './model.ts';
import { insert, rekey, remove, truncate, update } from './rows.ts';

const KINDS: readonly { readonly weight: number; readonly make: Make }[] = [
  { weight: 40, make: insert },
  { weight: 30, make: update },
  { weight: 10, make: rekey },
  { weight: 15, make: remove },
  { weight: 2, make: truncate },
  { weight: 6, make: addColumn },
  { weight: 3, make: dropColumn },
  { weight: 3, make: renameColumn },
  { weight: 3, make: widenColumn },
  { weight: 2, make: renameTable },
  { weight: 1, make: createTable },
];

export const statement = (draw: Draw, model: Model, serial: number): Statement =>
  draw.pick(KINDS).make(draw, model, serial);
