import { anyOf, type Draw, type Operation, PAYER, PAYMENT, type Statement, somewhere } from './operation.ts';

/** The money goes back to the customer's balance in the same transaction. */
function refund(draw: Draw): Statement[] {
  const values = [somewhere(draw)];
  const back = `(SELECT amount FROM payments WHERE id = ${PAYMENT})`;
  return [
    { text: `UPDATE customers SET balance = balance + ${back} WHERE id = ${PAYER}`, values },
    { text: `DELETE FROM payments WHERE id = ${PAYMENT}`, values },
  ];
}

const NEXT_ORDER = '(SELECT id FROM orders WHERE id >= $1::int ORDER BY id LIMIT 1)';

function order(draw: Draw): Statement[] {
  const values = [anyOf(draw, draw.last.orders)];
  return [
    { text: `DELETE FROM order_items WHERE order_id = ${NEXT_ORDER}`, values },
    { text: `DELETE FROM orders WHERE id = ${NEXT_ORDER}`, values },
  ];
}

const EVENTS = `
  DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id >= $1::int ORDER BY id LIMIT $2::int)`;

const AUDIT = `
  DELETE FROM audit_log WHERE ctid IN (SELECT ctid FROM audit_log
    WHERE at >= timestamptz '2026-01-01 00:00+00' + $1::int * interval '1 minute'
    ORDER BY at, actor, action, network::text, detail::text LIMIT $2::int)`;

const DOCUMENT = `
  DELETE FROM product_documents WHERE id = (SELECT id FROM product_documents WHERE id >= $1::int ORDER BY id LIMIT 1)`;

const MINUTES = 80_000;

export const DELETES: readonly Operation[] = [
  { name: 'refund', kind: 'delete', weight: 20, statements: refund },
  { name: 'order', kind: 'delete', weight: 20, statements: order },
  {
    name: 'events',
    kind: 'delete',
    weight: 40,
    statements: (draw) => [{ text: EVENTS, values: [anyOf(draw, draw.last.events), draw.rows(4)] }],
  },
  {
    name: 'audit entries',
    kind: 'delete',
    weight: 15,
    statements: (draw) => [{ text: AUDIT, values: [draw.int(MINUTES), draw.rows(3)] }],
  },
  {
    name: 'document',
    kind: 'delete',
    weight: 1,
    statements: (draw) => [{ text: DOCUMENT, values: [anyOf(draw, draw.last.documents)] }],
  },
];
