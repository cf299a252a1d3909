import { choice } from './kinds.ts';
import { setting } from './setting.ts';

/** What becomes of the destination when source tables change. */
export const SCHEMA_SETTINGS = {
  schemaChanges: setting({
    kind: choice(['apply', 'stop', 'ignore']),
    env: ['CDC_SCHEMA_CHANGES'],
    fallback: 'apply',
    doc: 'What happens when source tables change while they are replicated. `apply`: the destination follows: added, renamed and widened columns, renamed and moved tables; what would lose values stops with the SQL to run. `stop`: every change stops, with the SQL. `ignore`: nothing is altered; new columns are never written, renamed ones keep their name.',
  }),
  droppedColumns: setting({
    kind: choice(['keep', 'drop']),
    env: ['CDC_DROPPED_COLUMNS'],
    fallback: 'keep',
    doc: 'What becomes of a column that the source drops: `keep` stops writing it, `drop` drops it at the destination too, once no earlier row can come again.',
  }),
  recreatedTables: setting({
    kind: choice(['copy', 'stop']),
    env: ['CDC_RECREATED_TABLES'],
    fallback: 'copy',
    doc: 'What becomes of a table that was dropped and created again under its name: `copy` empties it at the destination and copies it again, `stop` leaves it and stops.',
  }),
};
