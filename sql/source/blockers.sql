-- Transactions that the creation of a slot has to wait for: those holding an xid, oldest first.
SELECT a.pid, a.usename, a.application_name, a.state, a.xact_start::text AS since, left(a.query, 80) AS query
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
ORDER BY a.xact_start
LIMIT 5
