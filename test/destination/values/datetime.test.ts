import { describe, expect, it } from 'vitest';
import {
  fullOffset,
  plainDate,
  plainTimestamp,
  timeOfDay,
  utcTimestamp,
} from '../../../src/destination/values/datetime.ts';
import { problemOf } from '../../support/problem.ts';

describe('a date for a calendar of four-digit years', () => {
  it.each(['0001-01-01', '1582-10-10', '9999-12-31'])('%s passes', (text) => {
    expect(plainDate(text)).toBe(text);
  });

  it.each([
    ['infinity', 'INFINITE_DATETIME'],
    ['-infinity', 'INFINITE_DATETIME'],
    ['0044-03-15 BC', 'BC_DATE'],
    ['10000-01-01 BC', 'BC_DATE'],
    ['10000-01-01', 'YEAR_GT_9999'],
    ['5874897-12-31', 'YEAR_GT_9999'],
    ['15.03.2024', 'MALFORMED'],
    ['03/15/2024', 'MALFORMED'],
  ])('%s is refused as %s', (text, problem) => {
    expect(problemOf(() => plainDate(text))).toBe(problem);
  });
});

describe('a timestamp', () => {
  it.each(['2024-01-02 03:04:05', '0001-01-01 00:00:00.1', '9999-12-31 23:59:59.999999'])('%s passes', (text) => {
    expect(plainTimestamp(text)).toBe(text);
    expect(utcTimestamp(`${text}+00`)).toBe(text);
  });

  it.each([
    ['infinity', 'INFINITE_DATETIME'],
    ['4713-01-01 00:00:00 BC', 'BC_DATE'],
    ['0044-03-15 10:00:00.5 BC', 'BC_DATE'],
    ['0044-03-15 10:00:00.125 BC', 'BC_DATE'],
    ['10000-01-01 00:00:00', 'YEAR_GT_9999'],
    ['294276-12-31 23:59:59.999999', 'YEAR_GT_9999'],
    ['2024-01-02 03:04:05+00', 'MALFORMED'],
    ['2024-01-02T03:04:05', 'MALFORMED'],
    ['Tue Jan 02 03:04:05 2024', 'MALFORMED'],
  ])('%s is refused as %s', (text, problem) => {
    expect(problemOf(() => plainTimestamp(text))).toBe(problem);
  });

  it.each([
    ['2024-01-02 03:04:05+02', 'MALFORMED'],
    ['2024-01-02 03:04:05+00:30', 'MALFORMED'],
    ['2024-01-02 03:04:05', 'MALFORMED'],
    ['0044-03-15 12:00:00+00 BC', 'BC_DATE'],
    ['10000-01-01 00:00:00+00', 'YEAR_GT_9999'],
    ['-infinity', 'INFINITE_DATETIME'],
  ])('with a time zone, %s is refused as %s', (text, problem) => {
    expect(problemOf(() => utcTimestamp(text))).toBe(problem);
  });
});

describe('a timestamp kept as text', () => {
  it('says its whole offset, also before our era, and keeps infinity', () => {
    expect(fullOffset('2024-01-02 03:04:05+00')).toBe('2024-01-02 03:04:05+00:00');
    expect(fullOffset('0044-03-15 12:00:00+00 BC')).toBe('0044-03-15 12:00:00+00:00 BC');
    expect(fullOffset('-infinity')).toBe('-infinity');
  });

  it('in another zone than UTC is refused', () => {
    expect(problemOf(() => fullOffset('2024-01-02 03:04:05+02'))).toBe('MALFORMED');
  });
});

describe('a time of day', () => {
  it('may be 24:00:00 only where the destination has it', () => {
    expect(timeOfDay('24:00:00', true)).toBe('24:00:00');
    expect(problemOf(() => timeOfDay('24:00:00', false))).toBe('TIME_24');
    expect(timeOfDay('23:59:59.999999', false)).toBe('23:59:59.999999');
  });
});
