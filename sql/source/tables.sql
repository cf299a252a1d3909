-- Tables by OID ($1: oid[]). Sizes and estimates include the partitions of a partitioned table.
SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relreplident AS identity,
       (SELECT coalesce(sum(pg_catalog.pg_total_relation_size(p.oid)), 0)
          FROM (SELECT c.oid UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t WHERE t.isleaf) p)::int8 AS bytes,
       (SELECT CASE WHEN min(l.reltuples) < 0 THEN NULL ELSE sum(l.reltuples) END
          FROM pg_catalog.pg_class l
         WHERE l.oid IN (SELECT c.oid WHERE c.relkind <> 'p'
                         UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t WHERE t.isleaf))::float8 AS estimated_rows,
       (SELECT json_agg(a.attname ORDER BY array_position(i.indkey::int2[], a.attnum))
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
         WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate) AS primary_key,
       (SELECT json_agg(a.attname ORDER BY array_position(i.indkey::int2[], a.attnum))
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
         WHERE i.indrelid = c.oid AND i.indisreplident) AS identity_index
     , (SELECT string_agg(pg_catalog.pg_relation_filenode(f.oid)::text, ',' ORDER BY f.oid)
          FROM (SELECT c.oid WHERE c.relkind <> 'p'
                UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t WHERE t.isleaf) f) AS storage
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY ($1::oid[])
