-- WAL held back by slot $1, and how the slot is.
SELECT w.lsn::text AS wal_end, (w.lsn - s.restart_lsn)::int8 AS retained, s.active, s.wal_status, s.safe_wal_size::int8 AS safe_wal_size
FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_flush_lsn() END AS lsn) w
LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = $1
