-- Every table that a publication can hold: permanent tables and partitioned roots outside the system schemas.
SELECT n.nspname AS schema, c.relname AS name, c.oid::int8 AS oid
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2
