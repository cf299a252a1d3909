import type { Kind } from './mix.ts';
import type { Random } from './random.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** What an operation may draw on. */
export interface Draw extends Random {
  /** A different number for every call, and for every load of the same database. */
  serial(): number;
  /** Rows a statement is about: 1 to `most`, more at high rates. */
  rows(most: number): number;
  /** The largest id of each table when the load began. */
  readonly last: { readonly orders: number; readonly events: number; readonly documents: number };
}

/** Something that happens in a shop. `kind` is what most of its row changes are. */
export interface Operation {
  readonly name: string;
  readonly kind: Kind;
  /** How often, compared with the others of its kind. */
  readonly weight: number;
  /** Statements of one transaction, in order. */
  statements(draw: Draw): readonly Statement[];
}

/** Customers and products of the seed: they are changed, never deleted. */
export const CUSTOMERS = 5000;
export const PRODUCTS = 1000;

export const customer = (draw: Draw): number => 1 + draw.int(CUSTOMERS);
export const product = (draw: Draw): number => 1 + draw.int(PRODUCTS);
export const anyOf = (draw: Draw, last: number): number => 1 + draw.int(Math.max(1, last));

/** A place in the key space of payments, whose ids are hashes. */
export const somewhere = (draw: Draw): string =>
  `${draw.int(65536).toString(16).padStart(4, '0')}0000-0000-0000-0000-000000000000`;

/** The payment at or after a place; the first parameter of the statements that use it. */
export const PAYMENT = '(SELECT id FROM payments WHERE id >= $1::uuid ORDER BY id LIMIT 1)';
export const PAYER = `(SELECT customer_id FROM payments WHERE id = ${PAYMENT})`;
