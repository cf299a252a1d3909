import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { View } from '../../src/cli/headless.ts';
import { leveled } from '../../src/cli/leveled.ts';
import type { Level } from '../../src/logs/level.ts';
import type { LogEvent } from '../../src/model/event.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';

const status = sample(new Counters(0), null, 0);

let views: View[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  for (const view of views) await view.close();
  views = [];
  vi.useRealTimers();
});

function shown(level: Level) {
  const lines: string[] = [];
  const inner: View = {
    statusMs: 10_000,
    finding: ({ severity }) => lines.push(`finding ${severity}`),
    event: ({ event }) => lines.push(event),
    status: () => lines.push('status'),
    end: () => lines.push('end'),
    look: () => undefined,
    close: async () => undefined,
  };
  const view = leveled(inner, level);
  view.look(() => status);
  views.push(view);
  const say = (severity: LogEvent['severity'], event: string): void =>
    view.event({ at: Date.now(), severity, event, message: '' });
  return { lines, view, say };
}

const everything = ({ view, say }: ReturnType<typeof shown>) => {
  say('ok', 'ok');
  say('info', 'info');
  say('warn', 'warn');
  say('error', 'error');
  view.finding({ check: 'c', severity: 'warn', message: '' });
  view.finding({ check: 'c', severity: 'block', message: '' });
  view.status(status);
  view.end(status);
};

it.each<[Level, string[]]>([
  ['info', ['ok', 'info', 'warn', 'error', 'finding warn', 'finding block', 'status', 'end']],
  ['warn', ['warn', 'error', 'finding warn', 'finding block']],
  ['error', ['error', 'finding block']],
])('level %s writes what is as severe or more', (level, expected) => {
  const one = shown(level);
  everything(one);
  expect(one.lines).toEqual(expected);
});

it('SIGUSR2 changes to debug, with a status every second, and back', () => {
  const { lines, say } = shown('warn');
  say('info', 'before');
  process.emit('SIGUSR2');
  say('info', 'during');
  vi.advanceTimersByTime(2000);
  process.emit('SIGUSR2');
  say('info', 'after');
  vi.advanceTimersByTime(5000);
  expect(lines).toEqual(['log.level', 'during', 'status', 'status', 'log.level']);
});

it('counts what repeats, tells the count a minute later or at the end, and hides nothing at debug', () => {
  const { lines, view, say } = shown('info');
  for (let i = 0; i < 9; i += 1) say('warn', 'retry');
  vi.advanceTimersByTime(60_000);
  view.status(status);
  expect(lines).toEqual([...Array(5).fill('retry'), 'log.repeated', 'status']);
  for (let i = 0; i < 9; i += 1) say('warn', 'retry');
  view.end(status);
  expect(lines.slice(7)).toEqual([...Array(5).fill('retry'), 'log.repeated', 'end']);
  const verbose = shown('debug');
  for (let i = 0; i < 9; i += 1) verbose.say('warn', 'retry');
  expect(verbose.lines).toEqual(Array(9).fill('retry'));
});

it('a closed view listens to no signal any more', async () => {
  const before = process.listenerCount('SIGUSR2');
  const { view } = shown('info');
  expect(process.listenerCount('SIGUSR2')).toBe(before + 1);
  await view.close();
  expect(process.listenerCount('SIGUSR2')).toBe(before);
});
