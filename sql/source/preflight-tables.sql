-- Tables by name ($1: text[] of schema.table), or every one outside the system schemas that a publication can hold
-- ($1 is null), as preflight sees them.
SELECT coalesce(json_agg(t ORDER BY t.schema, t.name), '[]')::text AS facts
FROM (
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
         c.relispartition AS "isPartition", c.relreplident AS identity,
         pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND CASE WHEN c.relkind IN ('r', 'p')
           THEN pg_catalog.has_table_privilege(c.oid, 'SELECT') ELSE true END AS "mayRead",
         pg_catalog.pg_has_role(current_user, c.relowner, 'MEMBER') AS owned,
         CASE WHEN c.relkind IN ('r', 'p') THEN pg_catalog.row_security_active(c.oid) ELSE false END AS "rowSecurity",
         (SELECT json_build_object('name', i.indexrelid::regclass::text, 'immediate', i.indimmediate)
            FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS "primaryKey",
         (SELECT x.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
           WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid AND i.indimmediate) AS "identityIndex",
         (SELECT x.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
           WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
             AND i.indpred IS NULL AND i.indexprs IS NULL
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid
                              AND a.attnum = ANY (i.indkey::int2[]) AND NOT a.attnotnull)
           ORDER BY i.indnkeyatts, x.relname LIMIT 1) AS "candidateIndex",
         (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'virtual', a.attgenerated = 'v') ORDER BY a.attnum), '[]')
            FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> '') AS generated,
         EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                  AND NOT a.attisdropped AND a.attlen = -1 AND a.attstorage <> 'p') AS toastable,
         (SELECT coalesce(sum(pg_catalog.pg_total_relation_size(p.oid)), 0)
            FROM (SELECT c.oid UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t WHERE t.isleaf) p) AS bytes
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE CASE WHEN $1::text[] IS NULL
    THEN c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ELSE n.nspname || '.' || c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') END
) t
