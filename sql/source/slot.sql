-- The slot named $1, before PostgreSQL 16.
SELECT s.plugin, s.slot_type, s.database, s.active, s.active_pid, s.temporary, s.confirmed_flush_lsn::text AS confirmed,
       s.wal_status, s.safe_wal_size::int8 AS safe_wal_size, NULL::text AS invalidated
FROM pg_catalog.pg_replication_slots s
WHERE s.slot_name = $1
