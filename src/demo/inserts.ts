import { customer, type Draw, type Operation, product, type Statement } from './operation.ts';

const TIME = "timestamptz '2026-03-01 00:00+00' + $1::int * interval '10.000001 seconds'";

/** A UUID of version 4, as in the seed. */
const uuidOf = (name: string): string => `overlay(overlay(md5(${name}) PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid`;

const ORDER = `
  INSERT INTO orders (customer_id, status, history, total, shipping_address, delivery_window, note, placed_at, ship_on)
  SELECT $2::int, 'placed', '{cart,placed}', $3::int / 100.0,
    json_build_object('street', $1 || ' Main Street', 'zip', to_char($1::int % 99999, 'FM00000')),
    tsrange('2026-03-01 08:00', timestamp '2026-03-01 12:00' + $1::int * interval '1 minute'),
    CASE $1::int % 3 WHEN 0 THEN 'Please ring twice 🔔' WHEN 1 THEN '' END, ${TIME}, date '2026-03-02' + $1::int % 200`;

const ITEMS = `
  INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price, discount, gift)
  SELECT currval(pg_get_serial_sequence('orders', 'id')), line, 1 + ($1::int * 7 + line) % 1000, 1 + line % 5,
    ($1::int * line % 90000) / 100.0, line % 4 / 20.0, line = 2
  FROM generate_series(1, $2::int) line`;

function order(draw: Draw): Statement[] {
  const serial = draw.serial();
  return [
    { text: ORDER, values: [serial, customer(draw), draw.int(500_000)] },
    { text: ITEMS, values: [serial, 1 + draw.int(4)] },
  ];
}

const PAYMENT = `
  INSERT INTO payments (id, order_id, customer_id, amount, method, receipt, paid_at)
  VALUES (${uuidOf("'paid ' || $1::int")}, $4::int, $2::int, $3::int / 100.0, (enum_range(NULL::payment_method))[1 + $1::int % 4],
    decode(md5($1::text), 'hex'), timestamp '2026-03-01 00:00' + $1::int * interval '10.001 seconds')`;

/** The money leaves the customer's balance in the same transaction. */
function payment(draw: Draw): Statement[] {
  const [payer, cents] = [customer(draw), 1 + draw.int(5000)];
  return [
    { text: PAYMENT, values: [draw.serial(), payer, cents, 1 + draw.int(draw.last.orders)] },
    { text: 'UPDATE customers SET balance = balance - $2::int / 100.0 WHERE id = $1::int', values: [payer, cents] },
  ];
}

const EVENTS = `
  INSERT INTO events (occurred_at, kind, customer_id, payload, source_ip, device, duration_ms)
  SELECT ${TIME} + n * interval '1 millisecond', (ARRAY['page view', 'search', 'sign-in'])[1 + n % 3], $2::int,
    jsonb_build_object('path', '/shop/' || $1::int % 1000, 'step', n, 'query', 'Öl & "Essig"'),
    '10.1.2.0/24', '02:00:00:00:00:2a', n / 8.0
  FROM generate_series(1, $3::int) n`;

const AUDIT = `
  INSERT INTO audit_log (at, actor, action, network, detail)
  SELECT ${TIME}, CASE WHEN $1::int % 4 > 0 THEN 'clerk ' || $1::int % 12 END, 'price change',
    CASE WHEN $1::int % 3 > 0 THEN '192.168.7.0/24'::cidr END, jsonb_build_object('reason', $1::int % 50)
  FROM generate_series(1, $2::int)`;

const CUSTOMER = `
  INSERT INTO customers (public_id, name, email, country, active, tags, preferences, last_ip, member_for, created_at)
  VALUES (${uuidOf("'new ' || $1::int")}, 'Nowy Klient ' || $1 || ' 🎉', 'new' || $1 || '@example.com', 'PL', true,
    '{new}', '{"theme": "light"}', '192.0.2.1', 'P1D', ${TIME})`;

const DOCUMENT = `
  INSERT INTO product_documents (product_id, title, body, updated_at)
  SELECT $2::int, 'Manual ' || $1, string_agg(md5($1 || ' ' || line), E'\\n' ORDER BY line), ${TIME}
  FROM generate_series(1, 300) line`;

export const INSERTS: readonly Operation[] = [
  { name: 'order', kind: 'insert', weight: 30, statements: order },
  { name: 'payment', kind: 'insert', weight: 20, statements: payment },
  {
    name: 'events',
    kind: 'insert',
    weight: 30,
    statements: (draw) => [{ text: EVENTS, values: [draw.serial(), customer(draw), draw.rows(8)] }],
  },
  {
    name: 'audit entries',
    kind: 'insert',
    weight: 14,
    statements: (draw) => [{ text: AUDIT, values: [draw.serial(), draw.rows(3)] }],
  },
  {
    name: 'customer',
    kind: 'insert',
    weight: 4,
    statements: (draw) => [{ text: CUSTOMER, values: [draw.serial()] }],
  },
  {
    name: 'document',
    kind: 'insert',
    weight: 2,
    statements: (draw) => [{ text: DOCUMENT, values: [draw.serial(), product(draw)] }],
  },
];
