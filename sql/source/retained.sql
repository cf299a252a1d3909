-- WAL held back by slot $1.
SELECT w.lsn::text AS wal_end, (SELECT w.lsn - s.restart_lsn FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = $1)::int8 AS retained
FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_flush_lsn() END AS lsn) w
