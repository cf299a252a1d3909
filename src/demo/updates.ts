import {
  anyOf,
  CUSTOMERS,
  customer,
  type Draw,
  type Operation,
  PAYER,
  PAYMENT,
  product,
  type Statement,
  somewhere,
} from './operation.ts';

const one =
  (text: string, values: (draw: Draw) => (string | number)[]) =>
  (draw: Draw): Statement[] => [{ text, values: values(draw) }];

const PROGRESS = `
  UPDATE orders SET status = (enum_range(NULL::order_status))[1 + $2::int % 6],
    history = history[1:7] || (enum_range(NULL::order_status))[1 + $2::int % 6]
  WHERE id >= $1::int AND id < $1::int + $3::int`;

const PREFERENCES = `
  UPDATE customers SET preferences = preferences || jsonb_build_object('seen', $2::int), tags = ARRAY['seen', $2::text],
    last_ip = '2001:db8::1'
  WHERE id >= $1::int AND id < $1::int + $3::int`;

/** Two different customers of the seed. */
function transfer(draw: Draw): Statement[] {
  const from = customer(draw);
  const to = 1 + ((from + draw.int(CUSTOMERS - 1)) % CUSTOMERS);
  const text = `UPDATE customers SET balance = balance + CASE id WHEN $1::int THEN -$3::int ELSE $3::int END / 100.0
    WHERE id IN ($1::int, $2::int)`;
  return [{ text, values: [from, to, 1 + draw.int(2000)] }];
}

/** A payment turns out higher or lower; the customer's balance takes the difference. */
function correction(draw: Draw): Statement[] {
  const values = [somewhere(draw), draw.int(1000) - 500];
  return [
    { text: `UPDATE customers SET balance = balance - $2::int / 100.0 WHERE id = ${PAYER}`, values },
    { text: `UPDATE payments SET amount = amount + $2::int / 100.0 WHERE id = ${PAYMENT}`, values },
  ];
}

const PRICES = `
  UPDATE products SET price = price + $2::int / 100.0, rating = rating + 0.1,
    attributes = jsonb_set(attributes, '{promotion}', to_jsonb('🏷 ' || $2)), discontinued = $2::int % 40 = 0
  WHERE id >= $1::int AND id < $1::int + $3::int`;

/** The body is out of line and stays as it is. */
const VIEWS = `
  UPDATE product_documents SET views = views + 1 WHERE id >= $1::int AND id < $1::int + $2::int`;

const REVISION = `
  UPDATE product_documents SET revision = revision + 1, body = left(body, 8000) || repeat(' § ' || $2::int, 900)
  WHERE id = (SELECT id FROM product_documents WHERE id >= $1::int ORDER BY id LIMIT 1)`;

const DOCUMENT_KEY = `
  UPDATE product_documents SET id = nextval(pg_get_serial_sequence('product_documents', 'id')), views = views + 1
  WHERE id = (SELECT id FROM product_documents WHERE id >= $1::int ORDER BY id LIMIT 1)`;

const ITEM_KEY = `
  UPDATE order_items i SET quantity = quantity + 1,
    line_no = (SELECT max(line_no) + 1 FROM order_items o WHERE o.order_id = i.order_id)
  WHERE (order_id, line_no) = (SELECT order_id, line_no FROM order_items WHERE order_id >= $1::int ORDER BY 1, 2 LIMIT 1)`;

const EVENT_MONTH = `
  UPDATE events SET occurred_at = occurred_at + interval '31 days', duration_ms = duration_ms + 1
  WHERE id = (SELECT id FROM events WHERE id >= $1::int ORDER BY id LIMIT 1)`;

/** One of two equal rows may change. */
const AUDIT = `
  UPDATE audit_log SET detail = jsonb_build_object('checked', $1::int)
  WHERE ctid = (SELECT ctid FROM audit_log WHERE at >= timestamptz '2026-01-01 00:00+00' + $1::int * interval '1 minute'
    ORDER BY at, actor, action, network::text, detail::text LIMIT 1)`;

const MINUTES = 80_000;

const from = (draw: Draw, last: number, most: number): number[] => [anyOf(draw, last), draw.int(100), draw.rows(most)];

export const UPDATES: readonly Operation[] = [
  { name: 'order progress', weight: 25, run: one(PROGRESS, (draw) => from(draw, draw.last.orders, 4)) },
  { name: 'preferences', weight: 15, run: one(PREFERENCES, (draw) => from(draw, CUSTOMERS, 3)) },
  { name: 'transfer', weight: 15, run: transfer },
  { name: 'correction', weight: 6, run: correction },
  { name: 'prices', weight: 10, run: one(PRICES, (draw) => [product(draw), draw.int(100), draw.rows(4)]) },
  { name: 'views', weight: 15, run: one(VIEWS, (draw) => [anyOf(draw, draw.last.documents), draw.rows(3)]) },
  { name: 'revision', weight: 2, run: one(REVISION, (draw) => [anyOf(draw, draw.last.documents), draw.int(1000)]) },
  { name: 'document key', weight: 2, run: one(DOCUMENT_KEY, (draw) => [anyOf(draw, draw.last.documents)]) },
  { name: 'item key', weight: 4, run: one(ITEM_KEY, (draw) => [anyOf(draw, draw.last.orders)]) },
  { name: 'event month', weight: 3, run: one(EVENT_MONTH, (draw) => [anyOf(draw, draw.last.events)]) },
  { name: 'audit entry', weight: 3, run: one(AUDIT, (draw) => [draw.int(MINUTES)]) },
].map(({ name, weight, run }) => ({ name, weight, kind: 'update', statements: run }));
