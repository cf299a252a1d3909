-- Types by OID ($1: oid[]), with what is needed to resolve domains, arrays, enums and row types.
SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name, t.typtype AS kind, t.typcategory AS category,
       t.typbasetype::int8 AS base, t.typtypmod AS base_typmod, t.typelem::int8 AS element, t.typdelim AS delimiter,
       (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       (SELECT json_agg(e.oid::int8 ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS label_ids,
       (SELECT json_agg(json_build_object('name', a.attname, 'oid', a.atttypid::int8, 'typmod', a.atttypmod) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid = ANY ($1::oid[])
