-- Columns of tables ($1: oid[]) in attribute order, dropped ones too. NOT NULL is what holds for every row: that of a
-- domain does not (https://www.postgresql.org/docs/current/sql-createdomain.html, Notes), nor one that is NOT VALID (from 18 on).
-- DEFAULT NULL of a type with a length is kept as an expression: it is none.
SELECT a.attrelid::int8 AS table_oid, a.attnum AS attnum, a.attname AS name, a.atttypid::int8 AS type_oid,
       a.atttypmod AS typmod, pg_catalog.format_type(a.atttypid, a.atttypmod) AS display,
       a.attnotnull AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_constraint k
          WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated) AS not_null,
       a.attgenerated AS generated, a.attisdropped AS dropped,
       a.attidentity <> '' OR EXISTS (
         SELECT FROM pg_catalog.pg_attrdef d
          WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum
            AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) !~ '^\(*NULL::') AS has_default,
       CASE WHEN a.atthasmissing THEN (a.attmissingval::text::text[])[1] END AS missing
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0
ORDER BY a.attrelid, a.attnum
