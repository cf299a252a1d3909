import { expect, test } from 'vitest';
import { hiddenEvent, hiddenStatus } from '../../src/cli/hidden.ts';
import { redact } from '../../src/config/redact.ts';
import { FAILURE, statusAt, table } from '../tui/live/fixture.ts';

const hide = redact(['s3cret']);
const failure = { ...FAILURE, message: 'refused s3cret', hint: 'not s3cret' };

test('no secret reaches the live view, in whatever text a server quoted it', () => {
  const lastChange = { sql: "ALTER TABLE t ALTER c SET DEFAULT 's3cret'", at: 0 };
  const status = statusAt(0, { lastError: failure, tables: [table('t', { lastError: failure, lastChange })] });
  const event = { at: 0, severity: 'warn', event: 'retry', message: 'refused s3cret' } as const;
  expect(JSON.stringify([status, event])).toContain('s3cret');
  expect(JSON.stringify([hiddenStatus(status, hide), hiddenEvent(event, hide)])).not.toContain('s3cret');
});

test('tables without such texts are not copied', () => {
  const status = statusAt(0, { tables: [table('t')] });
  expect(hiddenStatus(status, hide).tables[0]).toBe(status.tables[0]);
});
