-- Tables of publication $1 with their column lists and row filters. Before PostgreSQL 18 the list names generated
-- columns too, although the stream never has them.
SELECT p.schemaname AS schema, p.tablename AS name, c.oid::int8 AS oid,
       (SELECT json_agg(a.attname ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attname = ANY (p.attnames)
           AND (a.attgenerated = '' OR current_setting('server_version_num')::int >= 180000)) AS columns,
       p.rowfilter AS row_filter
FROM pg_catalog.pg_publication_tables p
JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
WHERE p.pubname = $1
ORDER BY 1, 2
