import type { LogEvent } from '../model/event.ts';
import type { Failure, Status, TableStatus } from '../status/status.ts';

type Hide = (text: string) => string;

const hiddenFailure = (failure: Failure, hide: Hide): Failure => ({
  ...failure,
  message: hide(failure.message),
  hint: hide(failure.hint),
});

function hiddenTable(table: TableStatus, hide: Hide): TableStatus {
  const { lastError, lastChange } = table;
  if (!lastError && !lastChange) return table;
  return {
    ...table,
    lastError: lastError && hiddenFailure(lastError, hide),
    lastChange: lastChange && { ...lastChange, sql: hide(lastChange.sql) },
  };
}

/** Without secrets: servers quote what they were sent. */
export const hiddenEvent = (event: LogEvent, hide: Hide): LogEvent => ({ ...event, message: hide(event.message) });

/** Without secrets. What holds no text of others stays the same object. */
export const hiddenStatus = (status: Status, hide: Hide): Status => ({
  ...status,
  lastError: status.lastError && hiddenFailure(status.lastError, hide),
  tables: status.tables.map((table) => hiddenTable(table, hide)),
});
