import { EXIT } from './exit-codes.ts';

export { EXIT } from './exit-codes.ts';

export interface ErrorCode {
  /** What happened. */
  readonly what: string;
  /** What pg2any does about it. */
  readonly does: string;
  /** What the user can do. */
  readonly todo: string;
  readonly retry: boolean;
  readonly exit: number;
}

const stop = 'Stops. The checkpoint stays where it was; nothing is lost.';
const again = 'Retries with growing pauses, from the checkpoint.';

/** Every error pg2any raises. docs/errors.md is generated from this table. */
export const ERROR_CODES = {
  CONFIG_INVALID: {
    what: 'A setting is missing, unknown or malformed.',
    does: 'Does not start.',
    todo: 'Correct the setting that the message names; `docs/configuration.md` lists them all.',
    retry: false,
    exit: EXIT.usage,
  },
  SOURCE_UNREACHABLE: {
    what: 'PostgreSQL does not answer, or the connection broke.',
    does: again,
    todo: 'Check host, port and network; nothing needs to be reset.',
    retry: true,
    exit: EXIT.source,
  },
  SOURCE_AUTH: {
    what: 'PostgreSQL refused the login, the database or the TLS settings.',
    does: stop,
    todo: 'Check user, password, database, pg_hba.conf and sslmode.',
    retry: false,
    exit: EXIT.source,
  },
  SOURCE_PRIVILEGE: {
    what: 'The role lacks a right that replication needs.',
    does: stop,
    todo: 'Run the GRANT or ALTER ROLE that `pg2any check` prints.',
    retry: false,
    exit: EXIT.source,
  },
  SOURCE_BUSY: {
    what: 'PostgreSQL has no free replication slot, sender or connection, or is starting or stopping.',
    does: again,
    todo: 'Raise max_wal_senders, max_replication_slots or max_connections, or drop what is not used.',
    retry: true,
    exit: EXIT.source,
  },
  SOURCE_UNSUITABLE: {
    what: 'A server setting makes logical replication impossible.',
    does: stop,
    todo: 'Apply the fix that `pg2any check` prints.',
    retry: false,
    exit: EXIT.source,
  },
  PUBLICATION_MISSING: {
    what: 'The publication does not exist, so the server would silently send nothing.',
    does: stop,
    todo: 'Create it again. If it was dropped while the slot existed, drop the slot too and start with a new snapshot.',
    retry: false,
    exit: EXIT.slotLost,
  },
  SLOT_MISSING: {
    what: 'The replication slot is gone although the destination has a checkpoint for it.',
    does: stop,
    todo: 'Changes since the checkpoint are gone from the source. Run `pg2any teardown`, then replicate with a new snapshot.',
    retry: false,
    exit: EXIT.slotLost,
  },
  SLOT_LOST: {
    what: 'The server invalidated the slot, so the WAL it needs is gone.',
    does: stop,
    todo: 'Run `pg2any teardown`, raise max_slot_wal_keep_size, then replicate with a new snapshot.',
    retry: false,
    exit: EXIT.slotLost,
  },
  SLOT_MISMATCH: {
    what: 'The slot belongs to another database or uses another output plugin.',
    does: stop,
    todo: 'Choose another slot name.',
    retry: false,
    exit: EXIT.source,
  },
  SLOT_IN_USE: {
    what: 'Another process is streaming from the slot.',
    does: 'Waits and tries again until it is free.',
    todo: 'Stop the other process, or leave this one waiting as a standby.',
    retry: true,
    exit: EXIT.source,
  },
  SLOT_AHEAD: {
    what: 'The slot was confirmed beyond the checkpoint: the destination was restored from an older backup, or somebody else consumed the slot.',
    does: stop,
    todo: 'Streaming on would lose changes silently. Run `pg2any teardown`, then replicate with a new snapshot.',
    retry: false,
    exit: EXIT.slotLost,
  },
  SOURCE_BEHIND: {
    what: "The checkpoint lies beyond the end of the source's WAL, or beyond the place where the source left the checkpoint's timeline: it was restored to an earlier point, or promoted without the last commits that the destination has.",
    does: stop,
    todo: 'Run `pg2any teardown`, then replicate with a new snapshot.',
    retry: false,
    exit: EXIT.slotLost,
  },
  SOURCE_CHANGED: {
    what: 'The checkpoint belongs to another PostgreSQL cluster, or to a timeline that this server does not descend from.',
    does: stop,
    todo: 'Point pg2any at the original source, or use another slot name for this one.',
    retry: false,
    exit: EXIT.slotLost,
  },
  SLOT_CREATION_BLOCKED: {
    what: 'Creating the slot waits for transactions that are still open on the source.',
    does: stop,
    todo: 'End the transactions that the message names, then start again.',
    retry: false,
    exit: EXIT.source,
  },
  PROTOCOL: {
    what: 'The replication stream held bytes that pgoutput does not define.',
    does: stop,
    todo: 'Report it with the message: it names the byte and its position.',
    retry: false,
    exit: EXIT.failure,
  },
  SOURCE_ENCODING: {
    what: 'A value or name is not valid UTF-8 or cannot be converted to it.',
    does: stop,
    todo: 'Correct the bytes at the source, or use a database whose server_encoding is right for its data.',
    retry: false,
    exit: EXIT.policy,
  },
  STREAM_STALLED: {
    what: 'The destination took nothing for so long that the source connection was given up.',
    does: 'Keeps the slot, reconnects when the destination takes changes again.',
    todo: 'Look at the destination; pg2any goes on by itself.',
    retry: true,
    exit: EXIT.source,
  },
  STREAM_RESTART: {
    what: 'The stream has to be opened again at the checkpoint.',
    does: again,
    todo: 'Nothing.',
    retry: true,
    exit: EXIT.failure,
  },
  SCHEMA_CHANGED: {
    what: 'A source table changed in a way that cannot be followed automatically.',
    does: stop,
    todo: 'Make the destination table match with the SQL in the message, or drop it and copy the table again.',
    retry: false,
    exit: EXIT.policy,
  },
  SCHEMA_REFUSED: {
    what: 'The schema registry does not take the schema of a table, or does not have it.',
    does: 'Stops before an event of the table is sent with it. The checkpoint stays where it was; nothing is lost.',
    todo: "The message holds the registry's reason: register the schema, change the compatibility of its subject, or undo the change at the source.",
    retry: false,
    exit: EXIT.policy,
  },
  TABLE_UNSUITABLE: {
    what: 'A table cannot be replicated as it is.',
    does: 'Does not start.',
    todo: 'Apply the fix in the message, or leave the table out with CDC_TABLES.',
    retry: false,
    exit: EXIT.findings,
  },
  TABLE_MISMATCH: {
    what: 'The destination has a table of that name that does not fit.',
    does: 'Does not start.',
    todo: 'Rename or drop the destination table, or map the schema elsewhere with CDC_SCHEMA_MAPPING.',
    retry: false,
    exit: EXIT.destination,
  },
  TABLE_MISSING: {
    what: 'The destination table does not exist and automatic creation is off.',
    does: 'Does not start.',
    todo: 'Create the table, or set CDC_AUTO_CREATE_TABLES=true.',
    retry: false,
    exit: EXIT.destination,
  },
  VALUE_UNREPRESENTABLE: {
    what: 'A value has no counterpart in the destination column.',
    does: stop,
    todo: 'Change the value at the source, or give the destination column another type.',
    retry: false,
    exit: EXIT.policy,
  },
  VALUE_REFUSED: {
    what: 'The destination refused a row.',
    does: stop,
    todo: 'The message names table and reason: remove the constraint or change the row.',
    retry: false,
    exit: EXIT.policy,
  },
  VALUE_UNAVAILABLE: {
    what: 'The server did not send a value that is needed and it can no longer be read from the source.',
    does: stop,
    todo: 'Set REPLICA IDENTITY FULL on the table, then copy it again.',
    retry: false,
    exit: EXIT.policy,
  },
  DESTINATION_UNREACHABLE: {
    what: 'The destination does not answer, or the connection broke.',
    does: again,
    todo: 'Check host, port and network; the slot keeps every change meanwhile.',
    retry: true,
    exit: EXIT.destination,
  },
  DESTINATION_AUTH: {
    what: 'The destination refused the login or the database.',
    does: stop,
    todo: 'Check user, password, database and TLS settings.',
    retry: false,
    exit: EXIT.destination,
  },
  DESTINATION_PRIVILEGE: {
    what: 'The destination user lacks a right.',
    does: stop,
    todo: 'Run the GRANT that the message names.',
    retry: false,
    exit: EXIT.destination,
  },
  DESTINATION_BUSY: {
    what: 'A deadlock, lock timeout or overload at the destination.',
    does: 'Rolls back and applies the same batch again.',
    todo: 'Nothing, unless it keeps happening: look for long transactions at the destination.',
    retry: true,
    exit: EXIT.destination,
  },
  DESTINATION_FULL: {
    what: 'The destination has no space left.',
    does: again,
    todo: 'Free space; pg2any goes on by itself.',
    retry: true,
    exit: EXIT.destination,
  },
  DESTINATION_UNSUITABLE: {
    what: 'The destination server or its settings cannot hold the data faithfully.',
    does: 'Does not start.',
    todo: 'Apply the fix in the message.',
    retry: false,
    exit: EXIT.destination,
  },
  DESTINATION_FAILED: {
    what: 'The destination answered with an error pg2any does not know.',
    does: stop,
    todo: "The message holds the destination's own words.",
    retry: false,
    exit: EXIT.destination,
  },
  FENCED: {
    what: 'Another pg2any took over this pipeline.',
    does: 'Stops without writing anything.',
    todo: 'Nothing: the other instance goes on. Make sure only one is meant to run.',
    retry: false,
    exit: EXIT.failure,
  },
  NOT_ATTACHED: {
    what: 'No process of this pipeline can be talked to on this machine.',
    does: 'Nothing: what is replicated is not touched.',
    todo: 'Start one with `pg2any replicate`. A process of another user or machine cannot be looked at from here.',
    retry: false,
    exit: EXIT.failure,
  },
  HTTP_UNAVAILABLE: {
    what: 'The address for probes and metrics cannot be listened on.',
    does: 'Does not start: a process that was meant to be watched does not run unwatched.',
    todo: 'Choose another port with `--http` or CDC_HTTP, or stop what uses this one.',
    retry: false,
    exit: EXIT.usage,
  },
  INTERRUPTED: {
    what: 'Stopped by a signal.',
    does: 'Commits the batch in hand and releases the slot.',
    todo: 'Start again whenever you like.',
    retry: false,
    exit: EXIT.ok,
  },
  INTERNAL: {
    what: 'A defect in pg2any.',
    does: stop,
    todo: 'Report it with the message.',
    retry: false,
    exit: EXIT.failure,
  },
} as const satisfies Record<string, ErrorCode>;

export type Code = keyof typeof ERROR_CODES;
