-- About 50,000 rows, the same ones every time: all variety comes from the row number.

SET timezone TO 'UTC';

-- A random-looking UUID of version 4: some databases refuse what RFC 9562 does not define.
CREATE FUNCTION pg_temp.uuid_of(name text) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT overlay(overlay(md5(name) PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid $$;

INSERT INTO customers (public_id, name, email, country, birthday, active, balance, tags, preferences, last_ip, member_for, created_at)
SELECT
  pg_temp.uuid_of('customer ' || n),
  (ARRAY['Ada', 'Björn', 'Chloé', 'Đorđe', 'Ελένη', 'Фёдор', '美咲', 'محمد', 'Zoë 🦊', 'O''Neil'])[1 + n % 10] || ' '
    || (ARRAY['Müller', 'Nowak', 'Ibn "Ali"', 'García', '佐藤', 'Smith\Jones', 'Łukasz'])[1 + n % 7] || ' ' || n,
  'customer' || n || '@example.com',
  (ARRAY['DE', 'FR', 'JP', 'US', 'BR', 'PL'])[1 + n % 6],
  CASE WHEN n % 9 > 0 THEN date '1950-01-01' + (n * 37) % 20000 END,
  n % 13 > 0,
  100 + (n * 7919) % 90000 / 100.0,
  (ARRAY['{}', '{vip}', '{new,"needs, care"}', '{"quote \" inside",NULL}'])[1 + n % 4]::text[],
  jsonb_build_object('newsletter', n % 2 = 0, 'theme', (ARRAY['light', 'dark'])[1 + n % 2], 'limit', n * 1.50, 'emoji', '🛒'),
  CASE WHEN n % 4 = 0 THEN ('2001:db8::' || to_hex(n))::inet ELSE ('10.' || n % 200 || '.' || n % 250 || '.7')::inet END,
  make_interval(months => n % 90, days => n % 28, secs => n % 86400 + n % 1000 / 1000.0),
  timestamptz '2025-01-01 00:00+00' + n * interval '1 hour 7.123456 seconds'
FROM generate_series(1, 5000) n;

INSERT INTO products (sku, name, price, weight_kg, rating, size_mm, attributes, on_sale, stock, thumbnail, flags, warranty, discontinued)
SELECT
  'SKU-' || to_char(n, 'FM000000'),
  (ARRAY['Teapot', 'Käsereibe', 'Lampe à pétrole', '茶碗', 'Crème brûlée torch 🔥'])[1 + n % 5] || ' no. ' || n,
  (n * 331) % 100000 / 100.0 + 0.99,
  CASE WHEN n % 8 > 0 THEN (n * 17 % 5000) / 1000.0 END,
  n % 50 / 7.0::float8,
  CASE WHEN n % 3 > 0 THEN ARRAY[n % 400, n % 300, NULL] END,
  jsonb_build_object('colour', (ARRAY['red', 'grün', '青'])[1 + n % 3], 'parts', jsonb_build_array(n, n / 4.0, NULL, true)),
  CASE n % 4 WHEN 0 THEN daterange('2026-01-01', '2026-01-01'::date + n % 100) WHEN 1 THEN daterange('2026-06-01', NULL)
    WHEN 2 THEN 'empty'::daterange END,
  int4range(0, n % 500 + 1),
  CASE WHEN n % 5 > 0 THEN decode(repeat(md5(n::text), 1 + n % 20), 'hex') ELSE '\x00ff5c0a0d27' END,
  (n % 256)::bit(8),
  CASE WHEN n % 6 > 0 THEN make_interval(years => n % 6) END,
  n % 50 = 0
FROM generate_series(1, 1000) n;

-- 9 to 30 kB each.
INSERT INTO product_documents (product_id, title, body, updated_at)
SELECT n * 2, 'Manual of product ' || n * 2,
  string_agg(md5(n || ' ' || line) || ' – § ' || line, E'\n' ORDER BY line),
  timestamptz '2026-01-15 08:00+00' + n * interval '1 minute'
FROM generate_series(1, 300) n, generate_series(1, 220 + n % 500) line
GROUP BY n;

INSERT INTO orders (customer_id, status, history, total, shipping_address, delivery_window, pick_up_at, note, placed_at, ship_on)
SELECT
  1 + (n * 7919) % 5000,
  (enum_range(NULL::order_status))[1 + n % 6],
  (enum_range(NULL::order_status))[1:1 + n % 6],
  (n * 1237) % 500000 / 100.0,
  json_build_object('street', n || ' Rue de l''Été', 'zip', to_char(n % 99999, 'FM00000'), 'floor', NULLIF(n % 7, 0)),
  CASE WHEN n % 3 > 0 THEN tsrange(timestamp '2026-02-01 08:00' + n * interval '1 minute', timestamp '2026-02-01 12:00' + n * interval '1 minute') END,
  CASE WHEN n % 5 = 0 THEN time '09:00' + n % 600 * interval '1 minute' END,
  CASE n % 11 WHEN 0 THEN '' WHEN 1 THEN E'Leave at the door.\n\tThank you! 🙏' WHEN 2 THEN 'back\slash, "quotes" and \N' END,
  timestamptz '2026-01-01 00:00+00' + n * interval '29 minutes 1.000001 seconds',
  CASE WHEN n % 4 > 0 THEN date '2026-01-02' + n % 300 END
FROM generate_series(1, 10000) n;

INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price, discount, gift)
SELECT n, line, 1 + (n * 31 + line * 7) % 1000, 1 + (n + line) % 9, (n * line * 97) % 100000 / 100.0, (n % 5) / 20.0, n % 17 = 0
FROM generate_series(1, 10000) n, generate_series(1, 1 + n % 3) line;

INSERT INTO payments (id, order_id, customer_id, amount, method, receipt, paid_at)
SELECT pg_temp.uuid_of('payment ' || id), id, customer_id, 1 + total, (enum_range(NULL::payment_method))[1 + id % 4],
  CASE WHEN id % 3 > 0 THEN decode(md5(id::text), 'hex') END,
  timestamp '2026-01-01 00:00' + id * interval '31 minutes 0.125 seconds'
FROM orders WHERE id % 10 < 6;

INSERT INTO events (occurred_at, kind, customer_id, payload, source_ip, device, duration_ms)
SELECT
  timestamptz '2026-01-01 00:00+00' + n * interval '1 hour 27 minutes 36.000789 seconds',
  (ARRAY['page view', 'search', 'add to cart', 'check-out', 'sign-in'])[1 + n % 5],
  NULLIF(1 + (n * 13) % 5001, 5001),
  jsonb_build_object('path', '/shop/' || n % 1000, 'ms', n / 8.0, 'query', 'größe "' || n % 40 || '"'),
  ('10.0.' || n % 250 || '.0/24')::inet,
  CASE WHEN n % 4 > 0 THEN ('02:00:00:' || to_char(n % 99, 'FM00') || ':' || to_char(n % 90, 'FM00') || ':01')::macaddr END,
  n * 0.1
FROM generate_series(1, 6000) n;

-- Every pair of rows is equal.
INSERT INTO audit_log (at, actor, action, network, detail)
SELECT timestamptz '2026-01-01 06:00+00' + n / 2 * interval '5 minutes',
  CASE WHEN n / 2 % 6 > 0 THEN 'clerk ' || n / 2 % 12 END,
  (ARRAY['login', 'price change', 'refund', 'export'])[1 + n / 2 % 4],
  CASE WHEN n / 2 % 3 > 0 THEN ('192.168.' || n / 2 % 200 || '.0/24')::cidr END,
  CASE WHEN n / 2 % 5 > 0 THEN jsonb_build_object('reason', 'Nº ' || n / 2 % 100) END
FROM generate_series(2, 2001) n;

ANALYZE;
