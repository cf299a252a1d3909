-- What the creation of a slot has to wait for: transactions that hold an xid, prepared ones included, oldest first.
SELECT coalesce(json_agg(t), '[]')::text AS facts
FROM (
  SELECT * FROM (
    SELECT a.pid, a.usename::text AS "user", a.application_name AS application, NULL AS gid,
           extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS seconds
    FROM pg_catalog.pg_stat_activity a
    WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
    UNION ALL
    SELECT NULL, p.owner::text, '', p.gid, extract(epoch FROM pg_catalog.clock_timestamp() - p.prepared)::float8
    FROM pg_catalog.pg_prepared_xacts p
    WHERE p.database = pg_catalog.current_database()
  ) u
  ORDER BY seconds DESC
  LIMIT 20
) t
