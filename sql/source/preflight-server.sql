-- Server, role and session as preflight sees them; $1: our slot.
SELECT json_build_object(
  'version', current_setting('server_version_num')::int,
  'product', current_setting('server_version'),
  'database', pg_catalog.current_database(),
  'encoding', current_setting('server_encoding'),
  'standby', pg_catalog.pg_is_in_recovery(),
  'walLevel', current_setting('wal_level'),
  'maxSlots', current_setting('max_replication_slots')::int,
  'usedSlots', (SELECT count(*) FROM pg_catalog.pg_replication_slots),
  'maxSenders', current_setting('max_wal_senders')::int,
  'usedSenders', (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'walsender'),
  'keepSize', current_setting('max_slot_wal_keep_size'),
  'idleSlotTimeout', current_setting('idle_replication_slot_timeout', true),
  'standbyNames', current_setting('synchronous_standby_names'),
  'role', current_user,
  'superuser', r.rolsuper,
  'replication', r.rolreplication,
  'managedReplication', EXISTS (
    SELECT FROM pg_catalog.pg_roles m
    WHERE m.rolname IN ('rds_replication', 'cloudsqlreplica') AND pg_catalog.pg_has_role(current_user, m.oid, 'MEMBER')),
  'createInDatabase', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
  'settings', json_build_object(
    'timezone', current_setting('timezone'), 'datestyle', current_setting('datestyle'),
    'intervalstyle', current_setting('intervalstyle'), 'extra_float_digits', current_setting('extra_float_digits'),
    'bytea_output', current_setting('bytea_output')),
  'slot', (SELECT to_jsonb(s) FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = $1),
  'retained', (SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_lsn() - s.restart_lsn END
    FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = $1)
)::text AS facts
FROM pg_catalog.pg_roles r
WHERE r.rolname = current_user
