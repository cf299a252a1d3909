-- Tables of publication $1; before PostgreSQL 15 there are no column lists and row filters.
SELECT p.schemaname AS schema, p.tablename AS name, c.oid::int8 AS oid, NULL::json AS columns, NULL::text AS row_filter
FROM pg_catalog.pg_publication_tables p
JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
WHERE p.pubname = $1
ORDER BY 1, 2
