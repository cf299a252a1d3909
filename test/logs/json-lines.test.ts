import { expect, it } from 'vitest';
import { jsonLines, type Place } from '../../src/logs/json-lines.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function written(place: Place | null = null) {
  const lines: string[] = [];
  const write = jsonLines({ slot: 'shop', write: (line) => lines.push(line), place: () => place });
  return { lines, write };
}

it('writes one object a line: level, time, process, slot, event, data, message', () => {
  const { lines, write } = written();
  write({ at: AT, severity: 'ok', event: 'copy.finished', message: 'done\n"quoted"', data: { rows: 3 } });
  expect(lines).toEqual([
    `{"level":"info","time":"2026-01-02T03:04:05.678Z","pid":${process.pid},"slot":"shop","event":"copy.finished","rows":3,"message":"done\\n\\"quoted\\""}`,
  ]);
});

it('says of each event which batch and position it belongs to', () => {
  const { lines, write } = written({ lsn: '0/16B3748', batch: 12 });
  write({ at: AT, severity: 'warn', event: 'retry', message: 'again', data: { code: 'SOURCE_UNREACHABLE' } });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    lsn: '0/16B3748',
    batch: 12,
    code: 'SOURCE_UNREACHABLE',
  });
});
