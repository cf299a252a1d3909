-- Live columns of tables ($1: oid[]) in attribute order. A domain's NOT NULL counts as the column's.
SELECT a.attrelid::int8 AS table_oid, a.attnum AS attnum, a.attname AS name, a.atttypid::int8 AS type_oid,
       a.atttypmod AS typmod, pg_catalog.format_type(a.atttypid, a.atttypmod) AS display,
       (a.attnotnull OR t.typnotnull) AS not_null, a.attgenerated AS generated,
       CASE WHEN a.atthasmissing THEN (a.attmissingval::text::text[])[1] END AS missing
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
