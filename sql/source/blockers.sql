-- Transactions that the creation of a slot has to wait for: those holding an xid, prepared ones included, oldest first.
SELECT t.pid, t.gid, t.who, t.state, t.since::text AS since, t.query
FROM (
  SELECT a.pid, NULL::text AS gid, a.usename::text AS who, a.state, a.xact_start AS since, left(a.query, 80) AS query
  FROM pg_catalog.pg_stat_activity a
  WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
  UNION ALL
  SELECT NULL, p.gid, p.owner::text, 'prepared', p.prepared, 'in database ' || p.database
  FROM pg_catalog.pg_prepared_xacts p
) t
ORDER BY t.since
LIMIT 5
