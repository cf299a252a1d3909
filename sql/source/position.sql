-- End of the durable WAL, and of the written one; on a standby both are what was replayed.
SELECT p.flushed::text AS flushed, p.inserted::text AS inserted, p.flushed >= p.inserted AS settled
FROM (SELECT CASE WHEN r THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_flush_lsn() END AS flushed,
             CASE WHEN r THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END AS inserted
      FROM pg_catalog.pg_is_in_recovery() r) p
