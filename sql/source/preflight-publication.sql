-- The publication named $1 with its tables; no row when there is none. Columns differ by version: taken as JSON.
SELECT (to_jsonb(p) || jsonb_build_object(
  'owned', pg_catalog.pg_has_role(current_user, p.pubowner, 'MEMBER'),
  'tables', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM pg_catalog.pg_publication_tables t WHERE t.pubname = p.pubname)
))::text AS facts
FROM pg_catalog.pg_publication p
WHERE p.pubname = $1
